using Google.Protobuf;
using Mirai.Faults.Tests.Harness;

namespace Mirai.Faults.Tests.Leases;

/// <summary>Upkeep repairs what a crash between two commands, an old version or an operator has left: a running task
/// without a lease, a lease without a running task, an id without a task.</summary>
internal sealed class RepairTests : FaultTest
{
    private const string Queue = "asynq:{default}:";

    [Test]
    public async Task Task_RunsAgain_WhenItIsActiveWithoutALease()
    {
        await StoreAsync("task", "active");
        await Redis.ListLeftPushAsync(Queue + "active", "task");

        await StartWorkerAsync(Settings());

        await WaitForCompletedAsync("default", 1);
        await AssertNothingIsLeftAsync("default");
    }

    [Test]
    public async Task Task_RunsAgain_WhenItHasALeaseAndIsInNoList()
    {
        await StoreAsync("task", "active");
        await Redis.SortedSetAddAsync(Queue + "lease", "task", LongAgo);

        await StartWorkerAsync(Settings());

        await WaitForCompletedAsync("default", 1);
        await AssertNothingIsLeftAsync("default");
    }

    [Test]
    public async Task Lease_IsRemoved_WhenItsTaskWaits()
    {
        await StoreAsync("task", "archived");
        await Redis.SortedSetAddAsync(Queue + "archived", "task", Now);
        await Redis.SortedSetAddAsync(Queue + "lease", "task", LongAgo);

        await StartWorkerAsync(Settings());

        await WaitUntilAsync(async () => !await Redis.KeyExistsAsync(Queue + "lease"), "the lease is removed");
        Assert.That(await ChargeAsync("default", "task"), Is.EqualTo("archived, 0 retried, ''"));
        Assert.That(await Redis.SortedSetScoreAsync(Queue + "archived", "task"), Is.Not.Null);
    }

    [Test]
    public async Task Ids_AreRemoved_WhenTheirTasksDoNotExist()
    {
        await Redis.SetAddAsync("asynq:queues", "default");
        await Redis.ListLeftPushAsync(Queue + "pending", "waits");
        await Redis.ListLeftPushAsync(Queue + "active", "runs");
        await Redis.SortedSetAddAsync(Queue + "lease", "runs", LongAgo);
        await Redis.ListLeftPushAsync(Queue + "active", "runs-without-lease");
        await Redis.SortedSetAddAsync(Queue + "lease", "lease-only", LongAgo);
        await Redis.SortedSetAddAsync(Queue + "scheduled", "due", LongAgo);
        await Redis.SortedSetAddAsync(Queue + "retry", "again", LongAgo);
        await AddAsync("default", "quick", "", "real");

        await StartWorkerAsync(Settings());

        await WaitForCompletedAsync("default", 1);
        foreach (var part in (string[])["pending", "active", "lease", "retry", "scheduled"])
        {
            await WaitUntilAsync(async () => !await Redis.KeyExistsAsync(Queue + part), $"{part} is empty");
        }

        foreach (var id in (string[])["waits", "runs", "runs-without-lease", "lease-only", "due", "again"])
        {
            Assert.That(await Redis.KeyExistsAsync($"{Queue}t:{id}"), Is.False, id);
        }
    }

    private static long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    private static long LongAgo => Now - 600;

    private async Task StoreAsync(string id, string state)
    {
        await Redis.SetAddAsync("asynq:queues", "default");
        await Redis.HashSetAsync(
            $"{Queue}t:{id}",
            [new("msg", QueueKeyspace.NewMessage("default", "quick", "", id).ToByteArray()), new("state", state)]);
    }
}
