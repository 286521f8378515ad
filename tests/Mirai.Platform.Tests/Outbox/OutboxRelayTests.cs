using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Platform.Outbox;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Outbox;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class OutboxRelayTests(DatabaseKind kind) : OutboxTest(kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

    // The clock stands still: nobody polls.
    [TestCase(false)]
    [TestCase(true)]
    public async Task Relay_PublishesAtOnce_WhatThisProcessCommits(bool inTransaction)
    {
        var platform = await StartAsync();
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

        await UntilPublishedAsync(advance: TimeSpan.Zero);
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
    }

    [Test]
    public async Task Relay_PublishesWhatAnotherProcessLeft_WithinItsInterval()
    {
        var platform = await StartAsync();
        var other = Platform();
        await RunRelayAsync(platform);
        await AddAsync(other, TaskId);

        await UntilPublishedAsync(advance: TimeSpan.FromMilliseconds(100));

        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
        Assert.That(Time.GetUtcNow() - Now, Is.LessThan(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task Relay_GoesOn_AfterTheDatabaseWasBroken()
    {
        var platform = await StartAsync();
        await QueryAsync("ALTER TABLE outbox RENAME TO elsewhere");
        await RunRelayAsync(platform);
        await QueryAsync("ALTER TABLE elsewhere RENAME TO outbox");
        await AddAsync(platform, TaskId);

        await UntilPublishedAsync(advance: TimeSpan.FromMilliseconds(100));

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

    private async Task UntilPublishedAsync(TimeSpan advance)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await WaitingAsync()).Length > 0)
        {
            Time.Advance(advance);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
