using System.Text.Json;
using Mirai.Queue.Legacy;
using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Conformance;

internal sealed class LegacyLayoutUnderTest(RedisConnection connection, IDatabase redis, TimeProvider time)
    : LayoutUnderTest(
        new LegacyStore(connection, new RedisStore(connection, time), new QueueOptions(), time), redis)
{
    public override async Task<string[]> PendingAsync(string queue) =>
        [.. (await ListAsync($"asynq:queues:{queue}")).Reverse()];

    public override Task<string[]> ActiveAsync() => ListAsync("asynq:in_progress");

    public override Task<(string Id, double Score)[]> ScheduledAsync() => SetAsync("asynq:scheduled");

    public override Task<(string Id, double Score)[]> RetryAsync() => SetAsync("asynq:retry");

    public override Task<(string Id, double Score)[]> ArchivedAsync() => SetAsync("asynq:dead");

    public override Task PauseAsync(string queue) => Redis.SetAddAsync("asynq:paused", $"asynq:queues:{queue}");

    public override async Task EnqueueGarbageAsync(string queue)
    {
        await Redis.SetAddAsync("asynq:queues", $"asynq:queues:{queue}");
        await Redis.ListLeftPushAsync($"asynq:queues:{queue}", "garbage");
    }

    public override async Task<(long Processed, long Failed)> CountersAsync(string day) =>
        (await NumberAsync($"asynq:processed:{day}"), await NumberAsync($"asynq:failure:{day}"));

    private async Task<string[]> ListAsync(string key) =>
        [.. (await Redis.ListRangeAsync(key)).Select(message => IdOf(message.ToString()))];

    private async Task<(string, double)[]> SetAsync(string key) =>
    [
        .. (await Redis.SortedSetRangeByRankWithScoresAsync(key))
            .Select(entry => (IdOf(entry.Element.ToString()), entry.Score)),
    ];

    private static string IdOf(string message) =>
        message[0] == '{' ? JsonDocument.Parse(message).RootElement.GetProperty("ID").GetString()! : message;
}
