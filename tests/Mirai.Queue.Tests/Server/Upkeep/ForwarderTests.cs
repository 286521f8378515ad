using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Upkeep;

internal sealed class ForwarderTests : ServerTest
{
    [Test]
    public async Task RunOnce_MovesEverythingThatIsDue_InBatches()
    {
        var parts = Parts();
        await EnqueueAsync([.. Enumerable.Range(0, 250).Select(i => NewTask($"t{i}", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(1) }))]);

        Time.Advance(TimeSpan.FromSeconds(1));
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);

        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(250));
        Assert.That(Faults.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Loop_ForwardsAtTheDueSecond_WithoutWaitingForItsInterval()
    {
        var parts = Parts(configure: options => options.ForwardInterval = TimeSpan.FromHours(1));
        await EnqueueAsync(NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(40) }));
        parts.Forwarder.Start();

        await PassTimeUntilAsync(() => Redis.KeyExistsAsync("asynq:{mail}:pending"));

        Assert.That(
            Time.GetUtcNow(),
            Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(Now + 40)).Within(TimeSpan.FromSeconds(1)));
        await parts.Forwarder.StopAsync();
    }

    [Test]
    public async Task Expect_CutsThePauseShort_WhenSomethingIsDueEarlier()
    {
        var parts = Parts(configure: options => options.ForwardInterval = TimeSpan.FromHours(1));
        parts.Forwarder.Start();
        await PassTimeUntilAsync(() => Task.FromResult(Faults.Calls.Count > 0));

        await EnqueueAsync(NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(30) }));
        parts.Forwarder.Expect("mail", Time.GetUtcNow().AddSeconds(30));
        await PassTimeUntilAsync(() => Redis.KeyExistsAsync("asynq:{mail}:pending"));

        Assert.That(Time.GetUtcNow(), Is.LessThan(DateTimeOffset.FromUnixTimeSeconds(Now + 60)));
        await parts.Forwarder.StopAsync();
    }

    [Test]
    public async Task RunOnce_LooksAgainSoon_WhenItFailed()
    {
        var parts = Parts(configure: options => options.ForwardInterval = TimeSpan.FromHours(1));
        Faults.FailFirst(nameof(IQueueStore.ForwardAsync), 2, FaultyStore.Fault.NotSent);
        parts.Forwarder.Start();

        await PassTimeUntilAsync(() => Task.FromResult(Faults.Calls.Count == 3 && parts.Health.AwaySince is null));

        Assert.That(Time.GetUtcNow(), Is.LessThan(DateTimeOffset.FromUnixTimeSeconds(Now + 60)));
        await parts.Forwarder.StopAsync();
    }
}
