using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Database;
using Mirai.Platform.Outbox;
using Mirai.Queue;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Platform.Tests.Outbox;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class OutboxPublisherTests(DatabaseKind kind) : OutboxTest(kind)
{
    [Test]
    public async Task Publish_PutsTheTaskIntoItsQueue_UnderTheIdOfItsRow()
    {
        var platform = await StartAsync();
        await AddAsync(platform, TaskId);

        var pass = await PublishAsync(platform);

        Assert.That(pass, Is.EqualTo(new OutboxPass(1, null)));
        var task = await platform.GetRequiredService<IQueueInspector>().FindTaskAsync("default", $"{TaskId}");
        Assert.That(
            (task!.Type, task.MaxRetry, task.Retention), Is.EqualTo(("sme:ingestion", 3, TimeSpan.FromDays(1))));
        Assert.That(task.Payload!.Value.ToArray(), Is.EqualTo(
            System.Text.Encoding.UTF8.GetBytes($$"""{"documentId":"{{TaskId}}"}""")));
        Assert.That(
            await QueryAsync("""SELECT "PublishedAt", "Error" FROM outbox"""),
            Is.EqualTo(new[] { "2026-03-01 10:00:00 | " }));
    }

    [Test]
    public async Task Publish_FindsNothing_WhatIsNotCommitted()
    {
        var platform = await StartAsync();
        await using var context = await ContextAsync(platform);
        await using var transaction = await context.Database.BeginTransactionAsync();
        platform.GetRequiredService<OutboxWriter>().Add(context, new SmeIngestion(TaskId));
        await context.SaveChangesAsync();
        await transaction.RollbackAsync();

        Assert.That(await PublishAsync(platform), Is.EqualTo(new OutboxPass(0, null)));

        Assert.That(await PendingAsync(), Is.Empty);
    }

    [Test]
    public async Task Publish_KeepsTheOptions_AndTakesTheDelayFromTheCommit()
    {
        var platform = await StartAsync();
        await using (var context = await ContextAsync(platform))
        {
            platform.GetRequiredService<OutboxWriter>()
                .Add(context, new SmeIngestion(TaskId), TaskId, new EnqueueOptions
            {
                Queue = "critical",
                MaxRetry = 10,
                ProcessIn = TimeSpan.FromHours(1),
                Retention = TimeSpan.FromDays(3),
                Headers = new Dictionary<string, string> { ["who"] = "me" },
            });
            await context.SaveChangesAsync();
        }

        Time.Advance(TimeSpan.FromMinutes(10));
        await PublishAsync(platform);

        var task = await platform.GetRequiredService<IQueueInspector>().FindTaskAsync("critical", $"{TaskId}");
        Assert.That(
            (task!.MaxRetry, task.NextProcessAt, task.Retention, task.Headers["who"]),
            Is.EqualTo((10, Now + TimeSpan.FromHours(1), TimeSpan.FromDays(3), "me")));
    }

    // The relay died after it enqueued the task and before it marked the row; the task has succeeded meanwhile.
    [Test]
    public async Task Publish_StoresTheTaskOnce_WhenItIsRepeated()
    {
        var platform = await StartAsync();
        await AddAsync(platform, TaskId);
        await PublishAsync(platform);
        await QueryAsync("""UPDATE outbox SET "PublishedAt" = NULL, "ClaimedUntil" = NULL""");

        var pass = await PublishAsync(platform);

        Assert.That(pass, Is.EqualTo(new OutboxPass(1, null)));
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
        Assert.That(await WaitingAsync(), Is.Empty);
    }

    [Test]
    public async Task Publish_LeavesToTheOther_WhatItClaimed_UntilItsLeaseEnds()
    {
        var platform = await StartAsync();
        await AddAsync(platform, TaskId);
        await using (var dead = await ContextAsync(platform))
        {
            await dead.Outbox.ClaimAsync(1, Time.GetUtcNow(), TimeSpan.FromMinutes(1), CancellationToken.None);
        }

        Assert.That((await PublishAsync(platform)).Claimed, Is.Zero);
        Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That((await PublishAsync(platform)).Claimed, Is.EqualTo(1));

        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
    }

    [Test]
    public async Task Publish_TakesABatch_AndLeavesTheRest()
    {
        var platform = await StartAsync(("Outbox:BatchSize", "3"));
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(i => Guid.CreateVersion7(Now.AddSeconds(i)))];
        await AddAsync(platform, ids);

        Assert.That((await PublishAsync(platform)).Claimed, Is.EqualTo(3));

        Assert.That(await PendingAsync(), Is.EquivalentTo(ids[..3].Select(id => $"{id}")), "the oldest first");
        Assert.That((await PublishAsync(platform)).Claimed, Is.EqualTo(2));
    }

    [Test]
    public async Task Publish_KeepsTheTask_AndReleasesTheClaim_WhileRedisIsAway()
    {
        var working = await StartAsync();
        await AddAsync(working, TaskId);
        var cutOff = Platform(("REDIS_URL", "127.0.0.1:1"), ("Queue:EnqueueTimeout", "00:00:00.05"));
        var publishing = PublishAsync(cutOff);
        await Time.AdvanceUntilAsync(publishing, TimeSpan.FromMilliseconds(50));

        var pass = await publishing;

        Assert.That(pass.Claimed, Is.EqualTo(1));
        Assert.That(pass.Outage, Is.InstanceOf<RedisException>());
        Assert.That((await PublishAsync(working)).Claimed, Is.EqualTo(1));
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { $"{TaskId}" }));
    }

    [Test]
    public async Task Publish_MarksTheTask_ThatCanNeverBePublished()
    {
        var platform = await StartAsync();
        await AddAsync(platform, TaskId);
        await QueryAsync("""UPDATE outbox SET "Options" = '{"Queue":" "}'""");

        await PublishAsync(platform);

        Assert.That(await WaitingAsync(), Has.Length.EqualTo(1).And.All.Match(@".+ \| .*[Qq]ueue"));
        Assert.That((await PublishAsync(platform)).Claimed, Is.Zero);
    }

    [Test]
    public async Task Publish_PublishesEachOnce_WhenManyRelaysRun()
    {
        var platforms = new List<ServiceProvider> { await StartAsync() };
        platforms.AddRange(Enumerable.Range(0, 3).Select(_ => Platform(("Outbox:BatchSize", "7"))));
        Guid[] ids = [.. Enumerable.Range(0, 100).Select(i => Guid.CreateVersion7(Now.AddSeconds(i)))];
        await AddAsync(platforms[0], ids);

        await Task.WhenAll(platforms.Skip(1).Select(platform => Task.Run(async () =>
        {
            while ((await WaitingAsync()).Length > 0)
            {
                await PublishAsync(platform);
            }
        })));

        Assert.That(await PendingAsync(), Is.EquivalentTo(ids.Select(id => $"{id}")));
    }
}
