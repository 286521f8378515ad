using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Platform.Outbox;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Outbox;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class OutboxRelayTests(DatabaseKind kind) : OutboxTest(kind)
{
    // The pause between two passes: no other timer is as long, so a timer of that length shows that a pass has ended.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly List<OutboxRelay> relays = [];

    [TearDown]
    public async Task StopRelaysAsync()
    {
        foreach (var relay in relays)
        {
            await relay.StoppedAsync(CancellationToken.None);
        }

        relays.Clear();
    }

    // The clock stands still, so the relay does not poll.
    [TestCase(false)]
    [TestCase(true)]
    public async Task Relay_PublishesAtOnce_WhatThisProcessCommits(bool inTransaction)
    {
        var platform = await StartRelayPlatformAsync();
        await RunRelayAsync(platform);

        if (inTransaction)
        {
            await using var context = await ContextAsync(platform);
            await using var transaction = await context.Database.BeginTransactionAsync();
            platform.GetRequiredService<OutboxWriter>().Add(context, new SmeIngestion(TaskId), TaskId);
            await context.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        else
        {
            await AddAsync(platform, TaskId);
        }

        await UntilPublishedAsync(advances: false);
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
    }

    [Test]
    public async Task Relay_PublishesWhatAnotherProcessLeft_WithinItsInterval()
    {
        var platform = await StartRelayPlatformAsync();
        var other = Platform();
        await RunRelayAsync(platform);
        await AddAsync(other, TaskId);

        await UntilPublishedAsync(advances: true);

        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
        Assert.That(Time.GetUtcNow() - Now, Is.LessThanOrEqualTo(2 * Interval));
    }

    [Test]
    public async Task Relay_GoesOn_AfterTheDatabaseWasBroken()
    {
        var platform = await StartRelayPlatformAsync();
        await QueryAsync("ALTER TABLE outbox RENAME TO elsewhere");
        await RunRelayAsync(platform);
        await QueryAsync("ALTER TABLE elsewhere RENAME TO outbox");
        await AddAsync(platform, TaskId);

        await UntilPublishedAsync(advances: true);

        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
    }

    [Test]
    public async Task Relay_PublishesWhatTheLastHandlersCommitted_WhenItStops()
    {
        var platform = await StartAsync(("Outbox:BatchSize", "1"));
        await RunRelayAsync(platform);
        await AddAsync(Platform(), TaskId);

        await relays[0].StoppedAsync(CancellationToken.None);

        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
    }

    private async Task RunRelayAsync(IServiceProvider platform)
    {
        var relay = platform.GetServices<IHostedService>().OfType<OutboxRelay>().Single();
        relays.Add(relay);
        await relay.StartedAsync(CancellationToken.None);
    }

    private Task<ServiceProvider> StartRelayPlatformAsync() => StartAsync(("Outbox:PollInterval", $"{Interval}"));

    private async Task UntilPublishedAsync(bool advances)
    {
        while ((await WaitingAsync()).Length > 0)
        {
            var pause = await Time.NextTimerAsync(atLeast: Interval / 2);
            Time.Advance(advances ? pause : TimeSpan.Zero);
        }
    }
}
