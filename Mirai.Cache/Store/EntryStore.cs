using System.Globalization;
using Mirai.Cache.Entries;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>The commands on single entries.</summary>
internal sealed class EntryStore(IRedisCaller redis, ChangeMessages messages, TimeProvider time)
{
    private const string Always = "";
    private const string IfListed = "=";
    private const string UnlessListed = "!";
    private const string IfListedOrAbsent = "-";

    private static readonly RedisScript ChangeEntry = RedisScript.Read(typeof(EntryStore).Assembly, "change_entry");

    // A fill stores right after its factory's end; one that takes longer than this has died.
    private static readonly TimeSpan FillGrace = TimeSpan.FromSeconds(30);

    /// <summary>Reads the raw entry. Dispose the reply: it is a rented buffer.</summary>
    public ValueTask<Answer<Lease<byte>?>> ReadAsync(string name, CancellationToken cancellationToken) =>
        redis.AskAsync(
            "get", name, static (database, key) => database.StringGetLeaseAsync(key), cancellationToken);

    /// <summary>Gives a fill the right to store, and reads the raw entry as it is then. Dispose the reply: it is a
    /// rented buffer.</summary>
    public ValueTask<Answer<Lease<byte>?>> BeginFillAsync(
        string name, string token, TimeSpan factoryTimeout, CancellationToken cancellationToken) => redis.AskAsync(
        "begin_fill",
        (name, token, lifetime: factoryTimeout + FillGrace),
        static async (database, fill) =>
        {
            // Redis runs both in this order: a change after the GET finds the token and ends the fill.
            var right = database.StringSetAsync(RedisNames.Fill(fill.name), fill.token, fill.lifetime);
            var entry = database.StringGetLeaseAsync(fill.name);
            await right.ConfigureAwait(false);

            return await entry.ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Writes or deletes an entry, if its condition is met.</summary>
    public ValueTask<Answer<ChangeReply>> ChangeAsync(EntryChange change, CancellationToken cancellationToken) =>
        redis.AskAsync(
            change.Entry is null ? "delete" : "set",
            (Keys: KeysOf(change), Arguments: ArgumentsOf(change)),
            static async (database, call) =>
            {
                using var reply = await ChangeEntry.RunAsync(database, call.Keys, call.Arguments)
                    .ConfigureAwait(false);
                return ChangeReply.Read(reply);
            },
            cancellationToken);

    /// <summary>Lets an entry live for a time from now on.</summary>
    public ValueTask<Answer<bool>> TouchAsync(string name, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        redis.AskAsync(
            "touch",
            (name, timeToLive),
            static (database, entry) => database.KeyExpireAsync(entry.name, entry.timeToLive),
            cancellationToken);

    private static RedisKey[] KeysOf(EntryChange change) => [change.Name, RedisNames.Fill(change.Name)];

    private RedisValue[] ArgumentsOf(EntryChange change)
    {
        var (comparison, tags) = ComparisonOf(change);
        return
        [
            change.Entry?.Bytes ?? RedisValue.EmptyString,
            ((long)Math.Ceiling(change.TimeToLive.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture),
            (time.GetUtcNow() - CacheEntryOptions.LongestLife).ToUnixTimeMilliseconds(),
            change.Fill?.Token ?? "",
            comparison,
            RedisNames.ChangesChannel,
            change.IsReported ? messages.Entry(change.Name) : "",
            .. tags,
        ];
    }

    private static (string Comparison, RedisValue[] Tags) ComparisonOf(EntryChange change) => change switch
    {
        { Fill: { } fill } => (IfListedOrAbsent, fill.Seen is { } seen ? [seen.Opaque] : []),
        { Condition: { } condition } => (
            condition.IsNegated ? UnlessListed : IfListed,
            [.. condition.Operands.Select(operand => (RedisValue)operand)]),
        _ => (Always, []),
    };
}

/// <summary>One write or deletion of an entry.</summary>
/// <param name="Name">The key.</param>
/// <param name="Entry">The entry to write; <see langword="null"/> deletes.</param>
/// <param name="TimeToLive">How long Redis keeps the entry.</param>
internal sealed record EntryChange(string Name, EncodedEntry? Entry, TimeSpan TimeToLive)
{
    /// <summary>What must be true of the existing entry.</summary>
    public CacheCondition? Condition { get; init; }

    /// <summary>The fill that stores what it made; it needs no <see cref="Condition"/>.</summary>
    public FillRight? Fill { get; init; }

    /// <summary>Whether the change is reported to other caches.</summary>
    public bool IsReported { get; init; } = true;

    public static EntryChange Deletion(string name) => new(name, null, TimeSpan.Zero);
}

/// <summary>The right of one fill to store what it makes. Every change by a Mirai process ends it: data that were read
/// before an invalidation are not stored after it.</summary>
/// <param name="Token">The value that identifies the fill in Redis.</param>
/// <param name="Seen">The version that was in Redis when the fill began, and that the fill may replace; every other
/// version is newer.</param>
internal sealed record FillRight(string Token, CacheETag? Seen);

/// <summary>The reply of change_entry.lua.</summary>
/// <param name="IsDone">Whether the change happened.</param>
/// <param name="Current">The version before the change, if there was one and the change had a condition.</param>
internal readonly record struct ChangeReply(bool IsDone, CacheETag? Current)
{
    public static ChangeReply Read(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var isDone = reader.ReadInt64() == 1;
        reader.MoveNext();

        return new ChangeReply(isDone, CacheETag.TryParse(reader.ReadString(), out var etag) ? etag : null);
    }
}
