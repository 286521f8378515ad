using Google.Protobuf;
using Mirai.Faults.Tests.Harness;

namespace Mirai.Faults.Tests.Queues;

/// <summary>Keys of one queue have the wrong type: the queues beside it, before and behind it in every order, are
/// served.</summary>
internal sealed class BrokenQueueTests : FaultTest
{
    private static readonly string[] Healthy = ["a", "z"];

    [Test]
    public async Task OtherQueues_AreServed_WhenTheKeysOfOneHaveTheWrongType()
    {
        await BreakAsync("m");
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
        Assert.That(
            worker.Log.Where(line => line.Contains("queue m", StringComparison.OrdinalIgnoreCase)).Count(),
            Is.InRange(1, 3), "the log names the broken queue and does not repeat itself");
        Assert.That(worker.Log.Count(), Is.LessThan(40));

        await MendAsync("m");
        await WaitForCompletedAsync("m", 1);
    }

    private async Task BreakAsync(string queue)
    {
        await Redis.SetAddAsync("asynq:queues", queue);
        foreach (var part in (string[])["pending", "active", "lease", "scheduled", "retry", "completed", "archived"])
        {
            await Redis.StringSetAsync($"asynq:{{{queue}}}:{part}", "not what it should be");
        }
    }

    private async Task MendAsync(string queue)
    {
        foreach (var part in (string[])["pending", "active", "lease", "scheduled", "retry", "completed", "archived"])
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
