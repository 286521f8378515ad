using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mirai.Api.Tests.Tasks;

internal sealed class WaitTests : ApiTest
{
    private const string Path = "/api/tasks/default/a";

    [Test]
    public async Task Get_AnswersWhenTheTaskHasEnded()
    {
        await PostTaskAsync("""{"type":"mail:send","taskId":"a","retention":"1h"}""");
        var answer = Client.GetAsync($"{Path}?wait=60s");

        await using var worker = await TestWorker.StartAsync(RedisUrl, _ => Task.CompletedTask);

        var task = await JsonAsync(await answer);
        Assert.That(task.GetProperty("state").GetString(), Is.EqualTo("completed"));
    }

    [Test]
    public async Task Get_SaysThatItIsGone_WhenTheTaskLeavesNothing()
    {
        await PostTaskAsync("""{"type":"mail:send","taskId":"a"}""");
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var worker = await TestWorker.StartAsync(RedisUrl, _ =>
        {
            started.TrySetResult();
            return release.Task;
        });
        var answer = Client.GetAsync($"{Path}?wait=60s");
        await started.Task;

        release.SetResult();

        // The request may have come when it was over.
        Assert.That((await answer).StatusCode, Is.EqualTo(HttpStatusCode.Gone).Or.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Get_ShowsTheTaskAsItIs_WhenTimeIsOver()
    {
        await PostTaskAsync("""{"type":"mail:send","taskId":"a"}""");

        var task = await JsonAsync(await Client.GetAsync($"{Path}?wait=120ms"));

        Assert.That(task.GetProperty("state").GetString(), Is.EqualTo("pending"));
    }

    [TestCase("61s")]
    [TestCase("-1s")]
    [TestCase("30")]
    public async Task Get_NamesTheField_WhenTheWaitIsWrong(string wait)
    {
        var problem = await ProblemAsync(await Client.GetAsync($"{Path}?wait={wait}"), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "wait" }));
    }

    [Test]
    public async Task Get_IsRefused_WhenTooManyWait()
    {
        await using var api = new ApiHost(RedisUrl, new Dictionary<string, string> { ["Api:MaxWaits"] = "1" });
        await PostTaskAsync("""{"type":"mail:send","taskId":"a"}""");
        using var leave = new CancellationTokenSource();
        var waits = Enumerable.Range(0, 2)
            .Select(_ => api.Client.GetAsync($"{Path}?wait=60s", leave.Token)).ToArray();

        var refused = await await Task.WhenAny(waits);
        var ordinary = await api.Client.GetAsync(Path);

        var problem = await ProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        Assert.That(Fields(problem), Is.EqualTo(new[] { "wait" }));
        Assert.That(ordinary.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await leave.CancelAsync();
        await Assert.ThatAsync(() => Task.WhenAll(waits), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Get_AnswersAtOnce_WhenTheApiStops()
    {
        // The request looks once before it waits; the second look is the first of the wait.
        var looks = WatchedInspector.Create(calls: 2);
        await using var api = new ApiHost(RedisUrl, configure: looks.Register);
        await PostTaskAsync("""{"type":"mail:send","taskId":"a"}""");
        var answer = api.Client.GetAsync($"{Path}?wait=60s");
        await looks.Called;

        api.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var task = await JsonAsync(await answer.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.That(task.GetProperty("state").GetString(), Is.EqualTo("pending"));
    }
}
