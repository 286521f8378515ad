using Google.Protobuf;
using Mirai.Faults.Tests.Harness;

namespace Mirai.Faults.Tests.Queues;

/// <summary>Keys of one queue have the wrong type: the queues beside it, before and behind it in every order, are
/// served.</summary>
internal sealed class BrokenQueueTests : FaultTest
{
    private static readonly string[] Healthy = ["a", "z"];

    // With all keys broken, each part of the server that meets the queue says so once.
    [TestCase(3, "pending")]
    [TestCase(3, "scheduled")]
    [TestCase(3, "lease")]
    [TestCase(7, "pending", "active", "lease", "scheduled", "retry", "completed", "archived")]
    public async Task OtherQueues_AreServed_WhenKeysOfOneHaveTheWrongType(int mostLines, params string[] keys)
    {
        await BreakAsync("m", keys);
        foreach (var queue in Healthy)
        {
            await AddAsync(queue, "quick", "", "waits");
            await AddAsync(queue, "scheduled");
            await AddAsync(queue, "retry");
            await AddOrphanAsync(queue);
        }

        var worker = await StartWorkerAsync(Settings("a", "m", "z"));
        foreach (var queue in Healthy)
        {
            await WaitForCompletedAsync(queue, 4);
            await AssertNothingIsLeftAsync(queue);
        }

        await WaitForHeartbeatsAsync(worker, seconds: 10);
        var lines = worker.Log.Where(line => line.Contains("queue m", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.That(lines, Has.Count.InRange(1, mostLines).And.Unique, "the log names the broken queue");
        Assert.That(worker.Log.Count(), Is.LessThan(40));

        await MendAsync("m", keys);
        await WaitForCompletedAsync("m", 1);
    }

    private async Task BreakAsync(string queue, string[] keys)
    {
        await Redis.SetAddAsync("asynq:queues", queue);
        foreach (var part in keys)
        {
            await Redis.StringSetAsync($"asynq:{{{queue}}}:{part}", "not what it should be");
        }
    }

    private async Task MendAsync(string queue, string[] keys)
    {
        foreach (var part in keys)
        {
            await Redis.KeyDeleteAsync($"asynq:{{{queue}}}:{part}");
        }

        await AddAsync(queue, "quick", "", "after");
    }

    private async Task AddAsync(string queue, string state)
    {
        await StoreAsync(queue, state, state);
        await Redis.SortedSetAddAsync($"asynq:{{{queue}}}:{state}", state, Time.GetUtcNow().ToUnixTimeSeconds() + 3);
    }

    // A task whose worker died long ago.
    private async Task AddOrphanAsync(string queue)
    {
        await StoreAsync(queue, "orphan", "active");
        await Redis.ListLeftPushAsync($"asynq:{{{queue}}}:active", "orphan");
        await Redis.SortedSetAddAsync(
            $"asynq:{{{queue}}}:lease", "orphan", Time.GetUtcNow().ToUnixTimeSeconds() - 600);
    }

    private Task StoreAsync(string queue, string id, string state) => Redis.HashSetAsync(
        $"asynq:{{{queue}}}:t:{id}",
        [new("msg", QueueKeyspace.NewMessage(queue, "quick", "", id).ToByteArray()), new("state", state)]);
}
