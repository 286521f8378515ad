using System.Globalization;
using Mirai.Cache.Scripts;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>The commands about single entries.</summary>
internal sealed class EntryStore(IRedisCaller redis, ChangeMessages messages, TimeProvider time)
{
    private const string Always = "";
    private const string IfListed = "=";
    private const string UnlessListed = "!";
    private const string IfListedOrAbsent = "-";

    // A fill that has not stored for that long after its factory's end never will.
    private static readonly TimeSpan FillGrace = TimeSpan.FromSeconds(30);

    /// <summary>Reads the raw entry. Dispose the reply: it is a rented buffer.</summary>
    public ValueTask<Answer<Lease<byte>?>> ReadAsync(string name, CancellationToken cancellationToken) =>
        redis.AskAsync(
        "get", name, static (database, key) => database.StringGetLeaseAsync(key), cancellationToken);

    /// <summary>Gives a fill the right to store, and reads the raw entry as it is then.</summary>
    public ValueTask<Answer<Lease<byte>?>> BeginFillAsync(
        string name, string token, TimeSpan factoryTimeout, CancellationToken cancellationToken) => redis.AskAsync(
        "begin_fill",
        (name, token, lifetime: factoryTimeout + FillGrace),
        static async (database, fill) =>
        {
            // One after the other on one connection: a change that the entry read does not show ends the fill.
            var right = database.StringSetAsync(RedisNames.Fill(fill.name), fill.token, fill.lifetime);
            var entry = database.StringGetLeaseAsync(fill.name);
            await right.ConfigureAwait(false);

            return await entry.ConfigureAwait(false);
        },
        cancellationToken);

    public ValueTask<Answer<ChangeReply>> ChangeAsync(EntryChange change, CancellationToken cancellationToken) =>
        redis.AskAsync(
        change.Entry is null ? "delete" : "set",
        (Keys: KeysOf(change), Arguments: ArgumentsOf(change)),
        static async (database, call) =>
        {
            using var reply = await LuaScripts.ChangeEntry.RunAsync(database, call.Keys, call.Arguments)
                .ConfigureAwait(false);
            return ChangeReply.Read(reply);
        },
        cancellationToken);

    /// <summary>Lets an entry live on from now.</summary>
    public ValueTask<Answer<bool>> TouchAsync(string name, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        redis.AskAsync(
            "touch", (name, timeToLive), static (database, entry) =>
                database.KeyExpireAsync(entry.name, entry.timeToLive),
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
            change.IsTold ? messages.Entry(change.Name) : "",
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
