using System.Globalization;
using Mirai.Cache.Entries;
using Mirai.Cache.Scripts;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>The commands about tags. An entry carries the mark that each of its tags had when its data were still
/// unread; another mark, or none, means that the tag was invalidated since. Marks are compared and never ordered: no
/// clock is asked.</summary>
internal sealed class TagStore(IRedisCaller redis, ChangeMessages messages)
{
    // Longer than any entry lives; a mark that is gone too early makes a miss, never a stale hit.
    private static readonly TimeSpan MarkLifetime = 2 * CacheEntryOptions.LongestLife;

    /// <summary>The marks to write an entry under.</summary>
    public ValueTask<Answer<TagMark[]>> JoinAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        tags.Count == 0
            ? new ValueTask<Answer<TagMark[]>>(Answer<TagMark[]>.Given([]))
            : redis.AskAsync(
                "join_tag", tags,
                static (database, all) => Task.WhenAll(all.Select(tag => JoinAsync(database, tag))),
                cancellationToken);

    /// <summary>Whether none of an entry's tags was invalidated since it was made.</summary>
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

    /// <summary>Invalidates what was written under a tag.</summary>
    public ValueTask<Answer<bool>> RenewAsync(string tag, CancellationToken cancellationToken) => redis.AskAsync(
        "renew_tag",
        (tag, Message: messages.Tag(tag)),
        static async (database, call) =>
        {
            var renewed = database.StringSetAsync(RedisNames.Tag(call.tag), NewMark(), MarkLifetime);
            var told = database.PublishAsync(RedisChannel.Literal(RedisNames.ChangesChannel), call.Message);
            await renewed.ConfigureAwait(false);
            await told.ConfigureAwait(false);

            return true;
        },
        cancellationToken);

    private static async Task<TagMark> JoinAsync(IDatabase database, string tag)
    {
        RedisKey[] keys = [RedisNames.Tag(tag)];
        RedisValue[] arguments = [NewMark(), (long)MarkLifetime.TotalMilliseconds];
        using var reply = await LuaScripts.JoinTag.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return new TagMark(tag, reply.ReadScalar().ReadString()!);
    }

    private static string NewMark() => Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
