using System.Net;
using System.Text;
using StackExchange.Redis;

namespace Mirai.Api.Tests.Tasks;

internal sealed class TaskActionTests : ApiTest
{
    private const string Task = "/api/tasks/default/a";

    [SetUp]
    public async Task ScheduleAsync()
    {
        await PostTaskAsync("""{"type":"mail:send","taskId":"a","processIn":"1h","payload":{"n":1}}""");
        await ListQueuesAsync("default");
    }

    [Test]
    public async Task Run_MovesTheTaskToItsQueue()
    {
        var response = await PostAsync($"{Task}/run", Nothing());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Redis.ListRangeAsync("asynq:{default}:pending"), Is.EqualTo(new RedisValue[] { "a" }));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{default}:scheduled"), Is.Zero);
    }

    [Test]
    public async Task Archive_MovesTheTaskToTheArchive()
    {
        var response = await PostAsync($"{Task}/archive", Nothing());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:archived", "a"), Is.Not.Null);
    }

    [Test]
    public async Task Delete_RemovesTheTask()
    {
        var response = await Client.DeleteAsync(Task);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:t:a"), Is.False);
    }

    [Test]
    public async Task Reschedule_ChangesTheDueTime()
    {
        var response = await PostAsync($"{Task}/reschedule", Json("""{"processAt":"2100-01-01T00:00:00Z"}"""));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:scheduled", "a"), Is.EqualTo(4_102_444_800));
    }

    [TestCase("{}", "processAt")]
    [TestCase("""{"processAt":"2100-01-01T00:00:00Z","processIn":"1m"}""", "processAt", "processIn")]
    [TestCase("""{"processIn":"-1m"}""", "processIn")]
    [TestCase("""{"when":"now"}""", "when")]
    public async Task Reschedule_NamesTheField_WhenItIsWrong(string body, params string[] fields)
    {
        var problem = await ProblemAsync(await PostAsync($"{Task}/reschedule", Json(body)), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EquivalentTo(fields));
    }

    [Test]
    public async Task Payload_ReplacesThatOfAScheduledTask()
    {
        var response = await Client.PutAsync($"{Task}/payload", Json("""{"payload":{"n": 2}}"""));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await MessageAsync("default", "a")).Payload.ToStringUtf8(), Is.EqualTo("""{"n": 2}"""));
    }

    [Test]
    public async Task Payload_NamesTheField_WhenThereIsNone()
    {
        var problem = await ProblemAsync(
            await Client.PutAsync($"{Task}/payload", Json("{}")), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "payload" }));
    }

    [TestCase("POST", "/api/tasks/default/nope/run", HttpStatusCode.NotFound)]
    [TestCase("POST", "/api/tasks/nope/a/run", HttpStatusCode.NotFound)]
    [TestCase("DELETE", "/api/tasks/default/nope", HttpStatusCode.NotFound)]
    [TestCase("POST", "/api/tasks/default/nope/cancel", HttpStatusCode.NotFound)]
    [TestCase("POST", "/api/tasks/default/a/cancel", HttpStatusCode.Conflict)]
    public async Task Action_IsRefused_WhenTheTaskIsNotThereOrNotInThatState(
        string method, string path, HttpStatusCode status)
    {
        var response = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        var problem = await ProblemAsync(response, status);
        Assert.That(problem.GetProperty("detail").GetString(), Does.Match("nope|does not run"));
    }

    [Test]
    public async Task Run_IsAConflict_WhenTheTaskIsPendingAlready()
    {
        await PostAsync($"{Task}/run", Nothing());

        await ProblemAsync(await PostAsync($"{Task}/run", Nothing()), HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Cancel_ReachesTheWorkerThatRunsTheTask()
    {
        var started = new TaskCompletionSource();
        await using var worker = await TestWorker.StartAsync(RedisUrl, async context =>
        {
            started.TrySetResult();
            await System.Threading.Tasks.Task.Delay(
                Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        });
        await PostTaskAsync("""{"type":"mail:send","taskId":"b","maxRetry":3}""");
        await started.Task;

        var response = await PostAsync("/api/tasks/default/b/cancel", Nothing());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        await TestWorker.UntilAsync(Client, "/api/tasks/default/b", "retry");
    }

    [Test]
    public async Task Action_LeavesARecord_ThatSaysWhoDidWhat()
    {
        await PostAsync($"{Task}/run", Nothing());
        await PostAsync($"{Task}/run", Nothing());

        Assert.That(
            Api.Log, Has.Some.Contains("Audit: development task.run default/a: 1, done"));
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=task.run target=default/a count=1 outcome=done",
            "who=development action=task.run target=default/a count=0 outcome=TaskStateException",
        }));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static ByteArrayContent Nothing() => new([]);
}
