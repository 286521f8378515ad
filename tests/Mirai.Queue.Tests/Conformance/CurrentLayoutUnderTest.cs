using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Conformance;

internal sealed class CurrentLayoutUnderTest(RedisConnection connection, IDatabase redis, TimeProvider time)
    : LayoutUnderTest(new RedisStore(connection, time), redis)
{
    public override async Task<string[]> PendingAsync(string queue) =>
        [.. (await ListAsync($"asynq:{{{queue}}}:pending")).Reverse()];

    public override Task<string[]> ActiveAsync() => ListAsync("asynq:{mail}:active");

    public override Task<(string Id, double Score)[]> ScheduledAsync() => SetAsync("asynq:{mail}:scheduled");

    public override Task<(string Id, double Score)[]> RetryAsync() => SetAsync("asynq:{mail}:retry");

    public override Task<(string Id, double Score)[]> ArchivedAsync() => SetAsync("asynq:{mail}:archived");

    public override Task PauseAsync(string queue) => Redis.StringSetAsync($"asynq:{{{queue}}}:paused", 1);

    public override async Task EnqueueGarbageAsync(string queue)
    {
        await Redis.HashSetAsync($"asynq:{{{queue}}}:t:garbage", [new("msg", "{no message"), new("state", "pending")]);
        await Redis.ListLeftPushAsync($"asynq:{{{queue}}}:pending", "garbage");
    }

    public override async Task<(long Processed, long Failed)> CountersAsync(string day) =>
        (await NumberAsync($"asynq:{{mail}}:processed:{day}"), await NumberAsync($"asynq:{{mail}}:failed:{day}"));

    private async Task<string[]> ListAsync(string key) =>
        [.. (await Redis.ListRangeAsync(key)).Select(id => id.ToString())];

    private async Task<(string, double)[]> SetAsync(string key) =>
        [.. (await Redis.SortedSetRangeByRankWithScoresAsync(key))
            .Select(entry => (entry.Element.ToString(), entry.Score))];
}
