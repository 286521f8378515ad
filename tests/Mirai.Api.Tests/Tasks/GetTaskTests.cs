using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue;

namespace Mirai.Api.Tests.Tasks;

internal sealed class GetTaskTests : ApiTest
{
    [Test]
    public async Task Get_ShowsResult_WhenWorkerHasFinished()
    {
        await using var worker = await TestWorker.StartAsync(
            RedisUrl, context => context.WriteResultAsync("{\"sent\": true}"u8.ToArray()));
        var location = await EnqueueAsync("""{"type":"mail:send","taskId":"a","retention":"1h"}""");

        var task = await JsonAsync(await Client.GetAsync($"{location}?wait=60s"));

        Assert.That(task.GetProperty("state").GetString(), Is.EqualTo("completed"));
        Assert.That(task.GetProperty("result").GetRawText(), Is.EqualTo("{\"sent\": true}"));
        Assert.That(task.GetProperty("resultBase64").GetBytesFromBase64(), Is.EqualTo("{\"sent\": true}"u8.ToArray()));
        Assert.That(task.GetProperty("retried").GetInt32(), Is.Zero);
        Assert.That(task.GetProperty("retention").GetString(), Is.EqualTo("1h0m0s"));
        Assert.That(task.GetProperty("completedAt").GetDateTimeOffset(), Is.GreaterThan(DateTimeOffset.UnixEpoch));
        Assert.That(task.TryGetProperty("lastError", out _), Is.False);
    }

    [TestCase("not json")]
    [TestCase("{\"a\":1} {}")]
    [TestCase("")]
    public async Task Get_ShowsBytesOnly_WhenResultIsNoJson(string result)
    {
        await EnqueueAsync("""{"type":"mail:send","taskId":"a"}""");
        await Redis.HashSetAsync("asynq:{default}:t:a", [new("state", "completed"), new("result", result)]);

        var task = await JsonAsync(await Client.GetAsync("/api/tasks/default/a"));

        Assert.That(task.TryGetProperty("result", out _), Is.False);
        Assert.That(task.TryGetProperty("resultBase64", out var base64), Is.EqualTo(result.Length > 0));
        Assert.That(result.Length == 0
            ? "" : System.Text.Encoding.UTF8.GetString(base64.GetBytesFromBase64()), Is.EqualTo(result));
    }

    // JSON that no strict writer would write again.
    [TestCase("\"\\ud800\"")]
    [TestCase("null")]
    [TestCase("1e999")]
    [TestCase(" [ ] ")]
    public async Task Get_PassesResultOnUnchanged_WhenItIsJson(string result)
    {
        await EnqueueAsync("""{"type":"mail:send","taskId":"a"}""");
        await Redis.HashSetAsync("asynq:{default}:t:a", [new("state", "completed"), new("result", result)]);

        var answer = await Client.GetStringAsync("/api/tasks/default/a");

        Assert.That(answer, Does.Contain($"\"result\":{result},"));
    }

    [Test]
    public async Task Get_ShowsResultAsBytes_WhenItIsNotUtf8()
    {
        byte[] result = [(byte)'"', 0xff, (byte)'"'];
        await EnqueueAsync("""{"type":"mail:send","taskId":"a"}""");
        await Redis.HashSetAsync("asynq:{default}:t:a", [new("state", "completed"), new("result", result)]);

        var task = await JsonAsync(await Client.GetAsync("/api/tasks/default/a"));

        Assert.That(task.TryGetProperty("result", out _), Is.False);
        Assert.That(task.GetProperty("resultBase64").GetBytesFromBase64(), Is.EqualTo(result));
    }

    [Test]
    public async Task Get_ShowsErrorAndNextRun_WhenTaskFailed()
    {
        await using var worker = await TestWorker.StartAsync(
            RedisUrl, _ => throw new InvalidOperationException("the \"mail\" server is down"));
        var location = await EnqueueAsync("""{"type":"mail:send","taskId":"a","maxRetry":3}""");

        var task = await TestWorker.UntilAsync(Client, location, "retry");

        Assert.That(task.GetProperty("lastError").GetString(), Is.EqualTo("the \"mail\" server is down"));
        Assert.That(
            (task.GetProperty("retried").GetInt32(), task.GetProperty("maxRetry").GetInt32()), Is.EqualTo((1, 3)));
        Assert.That(
            task.GetProperty("nextProcessAt")
                .GetDateTimeOffset(), Is.GreaterThan(task.GetProperty("lastFailedAt").GetDateTimeOffset()));
    }

    [Test]
    public async Task Get_ShowsArchived_WhenRetriesAreUsedUp()
    {
        await using var worker = await TestWorker.StartAsync(
            RedisUrl, _ => throw new SkipRetryException("no such user"));
        var location = await EnqueueAsync("""{"type":"mail:send","taskId":"a"}""");

        var task = await JsonAsync(await Client.GetAsync($"{location}?wait=60s"));

        Assert.That(task.GetProperty("state").GetString(), Is.EqualTo("archived"));
        Assert.That(task.GetProperty("lastError").GetString(), Is.EqualTo("no such user"));
        Assert.That(task.TryGetProperty("nextProcessAt", out _), Is.False);
    }

    [TestCase("/api/tasks/default/nope")]
    [TestCase("/api/tasks/nope/a")]
    public async Task Get_IsNotFound_WhenThereIsNoSuchTask(string path)
    {
        var problem = await ProblemAsync(await Client.GetAsync(path), HttpStatusCode.NotFound);

        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("has no task"));
    }

    [TestCase("/api/tasks/a%20b/%7Bx%7D", "queue", "id")]
    [TestCase("/api/tasks/default/a%2Fb", "id")]
    public async Task Get_NamesTheField_WhenANameCannotBeOne(string path, params string[] fields)
    {
        var problem = await ProblemAsync(await Client.GetAsync(path), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(fields));
    }

    [Test]
    public async Task Get_SaysSo_WhenTaskCannotBeRead()
    {
        await Redis.HashSetAsync("asynq:{default}:t:a", [new("msg", "\xff"), new("state", "pending")]);

        var problem = await ProblemAsync(
            await Client.GetAsync("/api/tasks/default/a"), HttpStatusCode.InternalServerError);

        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("cannot be read"));
        Assert.That(Api.Log, Has.Some.StartsWith("Warning").And.Some.Contains("message of task a"));
    }

    [Test]
    public async Task Get_StopsWaiting_WhenClientLeaves()
    {
        var inspector = SilentInspector.Create();
        await using var api = new ApiHost(
            RedisUrl, configure: services => services.AddSingleton(inspector.Inspector));
        using var patience = new CancellationTokenSource();

        var call = api.Client.GetAsync("/api/tasks/default/a", patience.Token);
        await inspector.Called;
        await patience.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
        await inspector.Cancelled;
        Assert.That(
            api.Log.Where(line => !line.Contains("development environment", StringComparison.Ordinal)),
            Has.None.StartsWith("Error").And.None.StartsWith("Warning"));
    }

    private async Task<string> EnqueueAsync(string body)
    {
        var response = await PostTaskAsync(body);
        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }
}
