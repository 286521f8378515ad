using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>What was measured of Go with many tasks, and not recorded key by key.</summary>
[GoldenFile("v0.26.0/scenarios/counter_overflow_and_archive_trim.json")]
internal sealed class ManyTasksFactTests : RedisTest
{
    private const string Total = "asynq:{default}:processed";
    private const string Archived = "asynq:{default}:archived";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 20, 48, 0, TimeSpan.Zero);

    [TestCase(0, "processed_total_after_done_at_max_int64")]
    [TestCase(100, "processed_total_after_done_at_max_int64_minus_100")]
    public async Task Done_StartsTheTotalAgain_NearTheLargestNumber(int below, string fact)
    {
        await using var queue = new QueueUnderTest(Redis, Now);
        var worker = queue.StartWorker(_ => Task.CompletedTask);
        await Redis.StringSetAsync(Total, long.MaxValue - below);

        await queue.Client.EnqueueAsync(new QueueTask("t"));
        await worker.WorkAsync();
        await worker.StopAsync();

        Assert.That((string?)await Redis.StringGetAsync(Total), Is.EqualTo(Fact<string>(fact)));
    }

    [Test]
    public async Task Archive_KeepsTheNewest_WhenThereAreTooMany()
    {
        await using var queue = new QueueUnderTest(Redis, Now);
        var worker = queue.StartWorker(_ => throw new SkipRetryException("boom"));
        await ArchiveAsync(
            Enumerable.Range(0, 10_050).Select(i => ($"old{i}", Now.AddHours(-2).AddSeconds(i % 3_600))));

        await queue.Client.EnqueueAsync(new QueueTask("t", options: new EnqueueOptions { TaskId = "d" }));
        await worker.WorkAsync();
        await worker.CleanAsync();
        await worker.StopAsync();

        var hashes = (RedisKey[])(await Redis.ExecuteAsync("KEYS", "asynq:{default}:t:*"))!;
        Assert.That(await Redis.SortedSetLengthAsync(Archived), Is.EqualTo(Fact<int>("archived_card_after")));
        Assert.That(hashes, Has.Length.EqualTo(Fact<int>("task_hashes_after")));
        Assert.That(await ExistsAsync("old0"), Is.EqualTo(Fact<int>("oldest_trimmed_hash_exists")));
        Assert.That(await ExistsAsync("d"), Is.EqualTo(1));
    }

    [Test]
    public async Task Archive_DropsWhatIsTooOld()
    {
        await using var queue = new QueueUnderTest(Redis, Now);
        var worker = queue.StartWorker(_ => throw new SkipRetryException("boom"));
        await ArchiveAsync([("ancient", Now.AddDays(-91)), ("young", Now.AddDays(-89))]);

        await queue.Client.EnqueueAsync(new QueueTask("t", options: new EnqueueOptions { TaskId = "d" }));
        await worker.WorkAsync();
        await worker.CleanAsync();
        await worker.StopAsync();

        var left = (await Redis.SortedSetRangeByRankAsync(Archived)).Select(id => id.ToString());
        Assert.That(left, Is.EqualTo(Facts()["archived_after_age_trim"]!.AsArray().Select(id => (string)id!)));
        Assert.That(await ExistsAsync("ancient"), Is.EqualTo(Fact<int>("ancient_hash_exists")));
    }

    private static JsonNode Facts() => GoldenFiles.ReadForTest()["facts"]!;

    private static T Fact<T>(string name) => Facts()[name]!.GetValue<T>();

    private static async Task<int> ExistsAsync(string id) =>
        await Redis.KeyExistsAsync($"asynq:{{default}}:t:{id}") ? 1 : 0;

    private static Task ArchiveAsync(IEnumerable<(string Id, DateTimeOffset At)> tasks) => Task.WhenAll(
        tasks.SelectMany(task => (Task[])
        [
            Redis.HashSetAsync($"asynq:{{default}}:t:{task.Id}", [new("msg", ""), new("state", "archived")]),
            Redis.SortedSetAddAsync(Archived, task.Id, task.At.ToUnixTimeSeconds()),
        ]));
}
