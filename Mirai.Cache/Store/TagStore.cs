using System.Globalization;
using Mirai.Cache.Entries;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>The commands on tags. An entry carries the mark that each of its tags had before its data were read; when
/// the tag has another mark by now, or none, it was invalidated since. Marks are random and only compared, so that no
/// clock matters.</summary>
internal sealed class TagStore(IRedisCaller redis, ChangeMessages messages)
{
    private static readonly RedisScript JoinTag = RedisScript.Read(typeof(TagStore).Assembly, "join_tag");

    // Longer than any entry lives. A mark that Redis evicts earlier causes misses, never a stale hit.
    private static readonly TimeSpan MarkLifetime = 2 * CacheEntryOptions.LongestLife;

    /// <summary>Returns the marks of the tags of an entry that is about to be written.</summary>
    public ValueTask<Answer<TagMark[]>> JoinAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        tags.Count == 0
            ? new ValueTask<Answer<TagMark[]>>(Answer<TagMark[]>.Given([]))
            : redis.AskAsync(
                "join_tag", tags,
                static (database, all) => Task.WhenAll(all.Select(tag => JoinAsync(database, tag))),
                cancellationToken);

    /// <summary>Whether none of the tags was invalidated since the entry was made.</summary>
    public ValueTask<Answer<bool>> AreCurrentAsync(TagMark[] tags, CancellationToken cancellationToken) =>
        redis.AskAsync(
            "read_tags",
            tags,
            static async (database, all) =>
            {
                var current = await Task.WhenAll(all.Select(tag => database.StringGetAsync(RedisNames.Tag(tag.Tag))))
                    .ConfigureAwait(false);

                return all.Zip(current).All(pair => pair.First.Mark == pair.Second);
            },
            cancellationToken);

    /// <summary>Invalidates every entry with a tag.</summary>
    public ValueTask<Answer<bool>> RenewAsync(string tag, CancellationToken cancellationToken) => redis.AskAsync(
        "renew_tag",
        (tag, Message: messages.Tag(tag)),
        static async (database, call) =>
        {
            var renewed = database.StringSetAsync(RedisNames.Tag(call.tag), NewMark(), MarkLifetime);
            var reported = database.PublishAsync(RedisChannel.Literal(RedisNames.ChangesChannel), call.Message);
            await renewed.ConfigureAwait(false);
            await reported.ConfigureAwait(false);

            return true;
        },
        cancellationToken);

    private static async Task<TagMark> JoinAsync(IDatabase database, string tag)
    {
        RedisKey[] keys = [RedisNames.Tag(tag)];
        RedisValue[] arguments = [NewMark(), (long)MarkLifetime.TotalMilliseconds];
        using var reply = await JoinTag.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return new TagMark(tag, reply.ReadScalar().ReadString()!);
    }

    private static string NewMark() => Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
