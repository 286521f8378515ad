using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Upkeep;
using Mirai.Queue.Tests.Looping;

namespace Mirai.Queue.Tests.Server.Upkeep;

internal sealed class ForgottenGroupsTests : GroupTest
{
    [Test]
    public async Task Report_WarnsOnceForAQueue_WhenAGroupHasWaitedForTenMinutes()
    {
        var log = new LogList<ForgottenGroups>();
        var groups = new ForgottenGroups(Store, Time, log);
        await AddToGroupAsync("a");
        await groups.ReportAsync("mail");
        Time.Advance(TimeSpan.FromSeconds(599));
        await groups.ReportAsync("mail");
        Assert.That(log.Lines, Is.Empty, "an aggregator elsewhere may still come");

        Time.Advance(TimeSpan.FromSeconds(1));
        await groups.ReportAsync("mail");
        await EnqueueAsync(NewTask("b", new EnqueueOptions { Group = "other" }));
        Time.Advance(TimeSpan.FromDays(1));
        await groups.ReportAsync("mail");

        var (level, message) = log.Lines.Single();
        Assert.That(level, Is.EqualTo(LogLevel.Warning));
        Assert.That(message, Does.Contain("group user:42").And.Contain("queue mail").And.Contain("AddAggregator"));
    }

    [Test]
    public async Task Report_AsksRedisEveryTenMinutes()
    {
        var groups = new ForgottenGroups(Faults, Time, new LogList<ForgottenGroups>());

        for (var seconds = 0; seconds < 1_200; seconds += 15)
        {
            await groups.ReportAsync("mail");
            Time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.That(Faults.Calls, Has.Exactly(2).EqualTo("FindDueGroupsAsync"));
    }

    [Test]
    public async Task Reclaimer_LooksForForgottenGroups_OnlyWithoutAnAggregator()
    {
        await Aggregating().Reclaimer.RunOnceAsync(CancellationToken.None);
        Assert.That(Faults.Calls, Has.None.EqualTo("FindDueGroupsAsync"));

        await Parts().Reclaimer.RunOnceAsync(CancellationToken.None);
        Assert.That(Faults.Calls, Has.One.EqualTo("FindDueGroupsAsync"));
    }
}
