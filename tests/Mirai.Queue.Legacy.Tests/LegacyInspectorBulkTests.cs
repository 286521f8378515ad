using System.Text;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy.Tests;

internal sealed class LegacyInspectorBulkTests : LegacyTest
{
    private const int Many = 1_000;

    [Test]
    public async Task RunAll_MovesThoseOfTheQueue_InTheirOrder()
    {
        await EnqueueAsync();
        await SeedAsync("asynq:dead");

        var count = (await Inspector.RunTasksAsync(In(TaskState.Archived))).Count;

        Assert.That(count, Is.EqualTo(Many / 2));
        var pending = await ListAsync("asynq:queues:mail");
        Assert.That(
            pending.Reverse().Skip(1), Is.EqualTo(Enumerable.Range(0, Many).Where(i => i % 2 == 0).Select(Id)));
        Assert.That(
            (await SetAsync("asynq:dead")).Select(task => task.Id),
            Is.EqualTo(Enumerable.Range(0, Many).Where(i => i % 2 == 1).Select(Id)));
    }

    [Test]
    public async Task RunAll_MovesAll_WhenTheyHaveTheSameSecond()
    {
        await EnqueueAsync();
        await SeedAsync("asynq:retry", isSameSecond: true);

        Assert.That((await Inspector.RunTasksAsync(In(TaskState.Retry))).Count, Is.EqualTo(Many / 2));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:retry"), Is.EqualTo(Many / 2));
    }

    [Test]
    public async Task ArchiveAll_And_DeleteAll_EmptyAList()
    {
        for (var i = 0; i < 450; i++)
        {
            await Redis.ListLeftPushAsync("asynq:queues:mail", Message(i));
        }

        await EnqueueAsync();

        Assert.That((await Inspector.ArchiveTasksAsync(In(TaskState.Pending))).Count, Is.EqualTo(451));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:dead"), Is.EqualTo(451));
        Assert.That((await Inspector.DeleteTasksAsync(In(TaskState.Archived))).Count, Is.EqualTo(451));
        Assert.That(await Redis.KeyExistsAsync("asynq:dead"), Is.False);
    }

    [TestCase("enqueue", "delete one")]
    [TestCase("enqueue", "delete all")]
    [TestCase("enqueue", "delete matching")]
    [TestCase("enqueue", "delete queue")]
    [TestCase("schedule", "delete all")]
    [TestCase("schedule", "run all")]
    [TestCase("archive", "delete all")]
    [TestCase("archive", "run all")]
    [TestCase("archive", "delete queue")]
    [TestCase("archive", "trim")]
    public async Task Deletion_ReleasesTheLock_UnlessAnotherTaskHoldsIt(string state, string path)
    {
        foreach (var isOwn in new[] { true, false })
        {
            await EmptyRedisAsync();
            var delay = state == "schedule" ? TimeSpan.FromHours(1) : (TimeSpan?)null;
            var id = await EnqueueAsync(new EnqueueOptions { UniqueFor = TimeSpan.FromHours(9), ProcessIn = delay });
            Assert.That((string?)await Redis.StringGetAsync("mail:send:n=1:mail"), Is.EqualTo(id));
            if (!isOwn)
            {
                await Redis.StringSetAsync("mail:send:n=1:mail", "another");
            }

            if (state == "archive")
            {
                await Inspector.ArchiveTasksAsync(One(id));
            }

            await DeleteAsync(path, id, state switch
            {
                "schedule" => TaskState.Scheduled,
                "archive" => TaskState.Archived,
                _ => TaskState.Pending,
            });

            Assert.That(await Redis.KeyExistsAsync("mail:send:n=1:mail"), Is.EqualTo(!isOwn), $"own: {isOwn}");
        }
    }

    [Test]
    public async Task RunAll_ContinuesAtTheCursor()
    {
        await SeedAsync("asynq:retry");
        await EnqueueAsync();
        var (count, steps, cursor) = (0L, 0, (string?)null);

        do
        {
            var step = await Inspector.RunTasksAsync(In(TaskState.Retry), new Paging { Size = 1, Cursor = cursor });
            (count, steps, cursor) = (count + step.Count, steps + 1, step.Cursor);
        }
        while (cursor is not null);

        Assert.That(count, Is.EqualTo(Many / 2));
        Assert.That(steps, Is.GreaterThan(1), "a call examines a bounded number of tasks");
        await Assert.ThrowsAsync<ArgumentException>(
            () => Inspector.RunTasksAsync(In(TaskState.Retry), new Paging { Cursor = "1:x:2" }));
    }

    [TestCase(TaskState.Completed)]
    [TestCase(TaskState.Aggregating)]
    public async Task Actions_NameStateAndLayout_WhereThereIsNoSuchState(TaskState state)
    {
        await EnqueueAsync();
        var selection = state == TaskState.Aggregating ? Group("g") : In(state);

        var thrown = await Assert.ThrowsAsync<LayoutNotSupportedException>(
            () => Inspector.DeleteTasksAsync(selection));

        Assert.That(
            thrown.Message, Does.Contain(state.ToString().ToLowerInvariant()).And.Contain("RedisLayout.Legacy"));
    }

    [Test]
    public async Task Matching_ActsOnWhatTheQueryMeans_StepByStep()
    {
        await EnqueueAsync();
        await SeedAsync("asynq:dead");
        await AddAsync("asynq:dead", Message(5_000, type: "other"), Now - 1);
        var selection = In(TaskState.Archived, new TaskFilter { Type = "mail:*", Error = "BOOM" });
        var (count, steps) = (0L, 0);
        long before;

        // Once does, except on Garnet: its ZSCAN counts positions, and passes over entries when others are deleted.
        do
        {
            before = count;
            string? cursor = null;
            do
            {
                var step = await Inspector.DeleteTasksAsync(selection, new Paging { Size = 200, Cursor = cursor });
                (count, steps) = (count + step.Count, steps + 1);
                cursor = step.Cursor;
            }
            while (cursor is not null);
        }
        while (count > before);

        Assert.That(steps, Is.GreaterThan(3), "a call looks at a bounded number");
        Assert.That(count, Is.EqualTo(Many / 2));
        Assert.That(
            (await SetAsync("asynq:dead")).Select(task => task.Id),
            Is.EquivalentTo(Enumerable.Range(0, Many).Where(i => i % 2 == 1).Select(Id).Append(Id(5_000))));
    }

    [Test]
    public async Task Search_GoesThroughAList_AndRefusesAgesThatNobodyKnows()
    {
        for (var i = 0; i < 450; i++)
        {
            await Redis.ListLeftPushAsync("asynq:queues:mail", Message(i, type: i % 10 == 0 ? "a" : "b"));
        }

        await EnqueueAsync();

        var ofType = In(TaskState.Pending, new TaskFilter { Type = "a" });
        var found = await Inspector.ListTasksAsync(ofType, new Paging { Size = 1_000 });
        var deleted = await Inspector.DeleteTasksAsync(ofType);

        Assert.That((found.Count, found.Cursor, deleted.Count), Is.EqualTo((45, (string?)null, 45L)));
        Assert.That(await Redis.ListLengthAsync("asynq:queues:mail"), Is.EqualTo(406));
        var thrown = await Assert.ThrowsAsync<LayoutNotSupportedException>(() => Inspector.ListTasksAsync(
            In(TaskState.Pending, new TaskFilter { OlderThan = TimeSpan.FromHours(1) })));
        Assert.That(thrown.Message, Does.Contain("OlderThan").And.Contain("RedisLayout.Legacy"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task RescheduleAll_And_UpdateAllPayloads_ChangeEveryTaskOnce(bool isSameSecond)
    {
        await EnqueueAsync();
        await SeedAsync("asynq:scheduled", isSameSecond);

        var moved = (await Inspector.RescheduleTasksAsync(
            In(TaskState.Scheduled), DateTimeOffset.FromUnixTimeSeconds(Now + 9_999))).Count;
        var changed = (await Inspector.UpdatePayloadsAsync(
            In(TaskState.Scheduled), _ => Encoding.UTF8.GetBytes("{\"x\":1}"))).Count;

        Assert.That((moved, changed), Is.EqualTo((Many / 2, Many / 2)));
        var tasks = await Redis.SortedSetRangeByScoreAsync("asynq:scheduled", Now + 9_999);
        Assert.That(tasks, Has.Length.EqualTo(Many / 2));
        Assert.That(tasks.Select(task => task.ToString()), Is.All.Contain("\"Payload\":{\"x\":1}"));
    }

    [Test]
    public async Task CancelAll_AsksForEveryRunningTaskOfTheQueue()
    {
        string[] ids = [await EnqueueAsync(), await EnqueueAsync()];
        await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);
        var heard = await Redis.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("asynq:cancel"));

        var count = (await Inspector.CancelTasksAsync(In(TaskState.Active))).Count;

        var told = new List<string>();
        while (told.Count < 2)
        {
            var news = await heard.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            told.AddRange(ids.Where(id => id == news.Message.ToString()));
        }

        await heard.UnsubscribeAsync();
        Assert.That((count, told), Is.EqualTo((2L, told)));
        Assert.That(told, Is.EquivalentTo(ids));
    }

    // Every other one is of another queue.
    private static Task<long> SeedAsync(string key, bool isSameSecond = false) => Redis.SortedSetAddAsync(key,
    [
        .. Enumerable.Range(0, Many).Select(i => new SortedSetEntry(
            Message(i, i % 2 == 0 ? "mail" : "low"), Now + (isSameSecond ? 0 : i))),
    ]);

    private async Task DeleteAsync(string path, string id, TaskState state)
    {
        switch (path)
        {
            case "delete one": await Inspector.DeleteTasksAsync(One(id)); break;
            case "delete all": await Inspector.DeleteTasksAsync(In(state)); break;
            case "delete matching":
                await Inspector.DeleteTasksAsync(In(state, new TaskFilter { Type = "mail:*" }));
                break;
            case "run all":
                await Inspector.RunTasksAsync(In(state));
                await Inspector.DeleteTasksAsync(In(TaskState.Pending));
                break;
            case "trim":
                Time.Advance(TimeSpan.FromDays(91));
                await Store.TrimArchiveAsync("mail", 10);
                break;
            default: await Inspector.DeleteQueueAsync("mail", force: true); break;
        }
    }
}
