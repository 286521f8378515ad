using Mirai.Queue.Server;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Finishing;

/// <summary>A worker that was frozen or cut off comes back while another one runs its task: it changes
/// nothing.</summary>
internal sealed class FenceTests : ServerTest
{
    public enum Owner
    {
        Mirai,
        Go,
    }

    private static readonly string[] Ids = ["a", "b", "c"];

    [Test]
    [Combinatorial]
    public async Task StaleWorker_EndsNoRunOfAnother(
        [Values] Owner owner,
        [Values(FaultyStore.Fault.None, FaultyStore.Fault.NotSent, FaultyStore.Fault.ReplyLost)]
        FaultyStore.Fault renewal,
        [Values(-300, 0, 300)] int clock,
        [Values] bool succeeds)
    {
        var stale = await TakeAsync(succeeds);
        await PutBackAsync();
        Faults.Plan(name => name == nameof(IQueueStore.ExtendLeaseAsync) ? renewal : FaultyStore.Fault.None);
        await HeartbeatAsync(stale.Parts); // its renewal arrives, fails or loses its reply before the other take
        var leases = await TakeOverAsync(owner, Now + 30 + clock);
        await HeartbeatAsync(stale.Parts);
        Faults.Plan(_ => FaultyStore.Fault.None);

        stale.Release();
        await stale.Parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        await WriteBackAsync(stale.Parts);

        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(leases));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EquivalentTo(Ids));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:processed"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:retry"), Is.False);
        foreach (var id in Ids)
        {
            Assert.That((await StoredAsync(id)).ErrorMsg, Is.Empty);
        }
    }

    [Test]
    public async Task StaleWorker_CancelsItsHandlers_WhenRedisSaysThatTheTaskIsAnothers()
    {
        var parts = Parts(context => Cancellation.WaitAsync(context.CancellationToken));
        await EnqueueAsync([.. Ids.Select(id => NewTask(id))]);
        await parts.Processor.FillAsync();
        await PutBackAsync();
        await TakeOverAsync(Owner.Go, Now - 1_000);

        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task<(QueueServerParts Parts, Action Release)> TakeAsync(bool succeeds)
    {
        var release = new TaskCompletionSource();
        var parts = Parts(async _ =>
        {
            await release.Task;
            Assert.That(succeeds, Is.True, "a failure is an outcome, too");
        });
        await EnqueueAsync([.. Ids.Select(id => NewTask(id))]);
        Assert.That((await parts.Processor.FillAsync()).Started, Is.EqualTo(Ids.Length));

        return (parts, release.SetResult);
    }

    // As recovery and forwarding do it, by whoever.
    private static async Task PutBackAsync()
    {
        foreach (var id in Ids)
        {
            await Redis.ListRemoveAsync("asynq:{mail}:active", id);
            await Redis.SortedSetRemoveAsync("asynq:{mail}:lease", id);
            await Redis.HashSetAsync($"asynq:{{mail}}:t:{id}", "state", "pending");
            await Redis.ListLeftPushAsync("asynq:{mail}:pending", id);
        }
    }

    private async Task<(string, double)[]> TakeOverAsync(Owner owner, long expiry)
    {
        var lease = owner == Owner.Go ? expiry : LeaseStamp.Next(expiry);
        var taken = await Store.TakeAsync("mail", Ids.Length, lease, withPendingSince: false);
        Assert.That(taken.Tasks, Has.Count.EqualTo(Ids.Length));

        return await ZSetAsync("asynq:{mail}:lease");
    }

    private static async Task HeartbeatAsync(QueueServerParts parts)
    {
        try
        {
            await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        }
        catch (StackExchange.Redis.RedisConnectionException)
        {
            // The fault that the test injects.
        }
    }
}
