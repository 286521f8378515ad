using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Client;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Tests.Store;

namespace Mirai.Queue.Tests.Client;

[NonParallelizable] // its listener hears the activities of the whole process
internal sealed class QueueClientTests : StoreTest
{
    [Test]
    public async Task Enqueue_ReturnsTaskAsStored_WhenPending()
    {
        var info = await Client().EnqueueAsync(
            new QueueTask("mail:send", "{}"u8.ToArray(), new EnqueueOptions { Queue = "mail", MaxRetry = 7 }),
            new EnqueueOptions { MaxRetry = 3, TaskId = "a" });

        Assert.That(
            (info.Id, info.Queue, info.Type, info.State, info.MaxRetry, info.Timeout, info.NextProcessAt),
            Is.EqualTo(("a", "mail", "mail:send", TaskState.Pending, 3, (TimeSpan?)TimeSpan.FromMinutes(30), (DateTimeOffset?)Time.GetUtcNow())));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Enqueue_ReturnsDueTime_WhenScheduled()
    {
        var due = Time.GetUtcNow().AddSeconds(90.5);

        var info = await Client()
            .EnqueueAsync(new QueueTask("t"), new EnqueueOptions { Queue = "mail", TaskId = "a", ProcessAt = due });

        Assert.That((info.State, info.NextProcessAt), Is.EqualTo(
            (TaskState.Scheduled, (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(Now + 91))));
        Assert.That(await ZSetAsync("asynq:{mail}:scheduled"), Is.EqualTo(new[] { ("a", Now + 91d) }));
    }

    [Test]
    public async Task EnqueueMany_RefusesOnlyTheTask_WhoseDurationsOverflowTogether()
    {
        var results = await Client().EnqueueManyAsync(
        [
            new QueueTask("t", options: new EnqueueOptions { UniqueFor = TimeSpan.MaxValue, ProcessIn = TimeSpan.MaxValue }),
            new QueueTask("t", options: new EnqueueOptions { ProcessIn = TimeSpan.MinValue }),
        ]);

        Assert.That(
            results.Select(result => result.Status),
            Is.EqualTo(new[] { EnqueueStatus.Invalid, EnqueueStatus.Enqueued }));
        Assert.That(results[0].Error, Is.InstanceOf<ArgumentException>().With.Message.StartsWith("UniqueFor is "));
    }

    [TestCase(-5)]
    [TestCase(0)]
    public async Task Enqueue_IsPlain_WhenDueTimeHasPassed(int seconds)
    {
        var info = await Client().EnqueueAsync(
            new QueueTask("t"), new EnqueueOptions { Queue = "mail", ProcessIn = TimeSpan.FromSeconds(seconds) });

        Assert.That(info.State, Is.EqualTo(TaskState.Pending));
    }

    [Test]
    public async Task Enqueue_SchedulesInsteadOfGrouping_WhenBothAreSaid()
    {
        var info = await Client().EnqueueAsync(
            new QueueTask("t"), new EnqueueOptions { Queue = "mail", Group = "g", ProcessIn = TimeSpan.FromHours(1) });

        Assert.That((info.State, info.Group), Is.EqualTo((TaskState.Scheduled, "g")));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:groups"), Is.False);
    }

    [Test]
    public async Task Enqueue_Throws_WhenIdIsTaken()
    {
        var client = Client();
        await client.EnqueueAsync(new QueueTask("t"), new EnqueueOptions { Queue = "mail", TaskId = "a" });

        var error = await Assert.ThrowsAsync<TaskIdConflictException>(
            () => client.EnqueueAsync(new QueueTask("t"), new EnqueueOptions { Queue = "mail", TaskId = "a" }));

        Assert.That((error!.Queue, error.TaskId), Is.EqualTo(("mail", "a")));
    }

    [Test]
    public async Task Enqueue_ThrowsAndNamesTheOther_WhenTaskIsADuplicate()
    {
        var client = Client();
        var options = new EnqueueOptions { Queue = "mail", UniqueFor = TimeSpan.FromMinutes(1) };
        var first = await client.EnqueueAsync(new QueueTask("t"), options);

        var error = await Assert.ThrowsAsync<DuplicateTaskException>(
            () => client.EnqueueAsync(new QueueTask("t"), options));

        Assert.That(error!.ExistingTaskId, Is.EqualTo(first.Id));
        Assert.That(error.Message, Does.Contain(first.Id));
    }

    [Test]
    public async Task Enqueue_ThrowsBeforeSending_WhenOptionsAreNotValid()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Client().EnqueueAsync(
            new QueueTask("t"), new EnqueueOptions { ProcessAt = Time.GetUtcNow(), ProcessIn = TimeSpan.Zero }));

        Assert.That(error!.Message, Does.Contain("ProcessIn").And.Contain("ProcessAt"));
    }

    [Test]
    public async Task Enqueue_KeepsTheCallersDueTime_WhenTaskHasTheOtherKind()
    {
        var task = new QueueTask(
            "t", options: new EnqueueOptions { Queue = "mail", ProcessAt = Time.GetUtcNow().AddHours(1) });

        var info = await Client().EnqueueAsync(task, new EnqueueOptions { ProcessIn = TimeSpan.FromMinutes(1) });

        Assert.That(info.NextProcessAt, Is.EqualTo(Time.GetUtcNow().AddMinutes(1)));
    }

    [Test]
    public async Task Enqueue_StoresPayloadAndAttributeOptions_WhenTyped()
    {
        var info = await Client().EnqueueAsync(new Welcome(42, "Zoë"));

        Assert.That((info.Type, info.Queue, info.MaxRetry, info.Timeout), Is.EqualTo(
            ("mail:welcome", "mail", 4, (TimeSpan?)TimeSpan.FromSeconds(20))));
        var stored = await StoredAsync(info.Id);
        Assert.That(stored.Payload.ToStringUtf8(), Is.EqualTo("""{"user_id":42,"name":"Zo\u00EB"}"""));
    }

    [Test]
    public void Enqueue_SaysWhatIsMissing_WhenPayloadTypeIsUnknown()
    {
        Assert.That(
            () => Client().EnqueueAsync("text"), Throws.InvalidOperationException.With.Message.Contains("[QueueTask"));
        Assert.That(
            () => Client().EnqueueAsync(new Unregistered()), Throws.InvalidOperationException.With.Message.Contains(
                "AddJsonContext"));
    }

    [Test]
    public async Task EnqueueMany_SettlesEachByItself_WhenSomeAreRefused()
    {
        var client = Client();
        await client.EnqueueAsync(new QueueTask("t"), new EnqueueOptions { Queue = "mail", TaskId = "taken" });
        var unique = new EnqueueOptions { Queue = "mail", UniqueFor = TimeSpan.FromMinutes(1) };
        var due = Time.GetUtcNow().AddHours(1);

        var results = await client.EnqueueManyAsync(
        [
            new QueueTask("t", options: new EnqueueOptions { Queue = "mail", TaskId = "new" }),
            new QueueTask("t", options: new EnqueueOptions { Queue = "mail", TaskId = "taken" }),
            new QueueTask("u", options: unique with { TaskId = "owner" }),
            new QueueTask("u", options: unique),
            new QueueTask("t", options: new EnqueueOptions { Queue = " " }),
            new QueueTask("t", options: new EnqueueOptions { Queue = "mail", TaskId = "due", ProcessAt = due }),
            new QueueTask("t", options: new EnqueueOptions { Queue = "other", TaskId = "grouped", Group = "g" }),
        ]);

        Assert.That(results.Select(result => result.Status), Is.EqualTo(new[]
        {
            EnqueueStatus.Enqueued, EnqueueStatus.TaskIdConflict, EnqueueStatus.Enqueued, EnqueueStatus.Duplicate,
            EnqueueStatus.Invalid, EnqueueStatus.Enqueued, EnqueueStatus.Enqueued,
        }));
        Assert.That(results[3].Error, Is.InstanceOf<DuplicateTaskException>()
            .With.Property(nameof(DuplicateTaskException.ExistingTaskId)).EqualTo("owner"));
        Assert.That(results[4].Error, Is.InstanceOf<ArgumentException>());
        Assert.That(results[5].Task, Has.Property(nameof(TaskInfo.NextProcessAt)).EqualTo(due));
        Assert.That(results[6].Task, Has.Property(nameof(TaskInfo.State)).EqualTo(TaskState.Aggregating));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EquivalentTo(new[] { "taken", "new", "owner" }));
    }

    [Test]
    public async Task EnqueueMany_StoresEveryPayload_WithAttributeAndCallersOptions_WhenTyped()
    {
        var results = await Client().EnqueueManyAsync(
            [new Welcome(1, "Ada"), new Welcome(2, "Bo")], new EnqueueOptions { MaxRetry = 9 });

        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
        Assert.That(
            results.Select(result => (result.Task!.Type, result.Task.Queue, result.Task.MaxRetry)),
            Is.All.EqualTo(("mail:welcome", "mail", 9)));
        Assert.That(
            await Task.WhenAll(results.Select(async result => (await StoredAsync(result.TaskId!)).Payload.ToStringUtf8())),
            Is.EqualTo(new[] { """{"user_id":1,"name":"Ada"}""", """{"user_id":2,"name":"Bo"}""" }));
    }

    [Test]
    public async Task EnqueueMany_KeepsOrder_WhenThereAreMoreThanOneBatch()
    {
        var results = await Client().EnqueueManyAsync(
            [.. Enumerable.Range(0, 1_750)
                .Select(i => new QueueTask("t", options: new EnqueueOptions { Queue = "mail", TaskId = $"{i}" }))]);

        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
        Assert.That(
            (await ListAsync("asynq:{mail}:pending"))
                .Reverse(), Is.EqualTo(Enumerable.Range(0, 1_750).Select(i => $"{i}")));
    }

    [Test]
    public async Task EnqueueMany_SendsNothing_WhenCancelledBefore()
    {
        var results = await Client().EnqueueManyAsync(
            [new QueueTask("t", options: new EnqueueOptions { Queue = "mail" })],
            new CancellationToken(canceled: true));

        Assert.That(results.Single().Status, Is.EqualTo(EnqueueStatus.Unknown));
        Assert.That(results.Single().Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task Enqueue_CarriesTraceContext_WhenThereIsAnActivity()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        var info = await Client().EnqueueAsync(new QueueTask("t"), new EnqueueOptions { Queue = "mail" });

        Assert.That((await StoredAsync(info.Id)).Headers["traceparent"], Does.Contain(activity.TraceId.ToHexString()));
    }

    [Test]
    public async Task Enqueue_MakesProducerSpanAndCountsIt_WhenSomebodyListens()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.ActivitySource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        var info = await Client().EnqueueAsync(new QueueTask("mail:send"), new EnqueueOptions { Queue = "mail" });

        var span = spans.Single();
        Assert.That((span.DisplayName, span.Kind), Is.EqualTo(("send mail", ActivityKind.Producer)));
        Assert.That(span.GetTagItem("messaging.system"), Is.EqualTo("asynq"));
        Assert.That(span.GetTagItem("messaging.destination.name"), Is.EqualTo("mail"));
        Assert.That(span.GetTagItem("messaging.message.id"), Is.EqualTo(info.Id));
        Assert.That((await StoredAsync(info.Id)).Headers["traceparent"], Is.EqualTo(span.Id));
    }

    private QueueClient Client()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new QueueClient(
            Store, new PayloadSerializer([TestJsonContext.Default]), new QueueOptions(),
            new QueueMetrics(meters), Time);
    }
}
