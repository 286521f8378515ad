using System.Net;

namespace Mirai.Api.Tests.Queues;

internal sealed class GetQueueTests : OperatorTest
{
    [Test]
    public async Task Get_ShowsTheQueue()
    {
        await AddPendingAsync("mail", "a");
        await Redis.StringSetAsync("asynq:{mail}:paused", 1);

        var queue = await GetJsonAsync("/api/queues/mail");

        Assert.That(queue.GetProperty("queue").GetString(), Is.EqualTo("mail"));
        Assert.That(queue.GetProperty("paused").GetBoolean(), Is.True);
        Assert.That(queue.GetProperty("size").GetInt64(), Is.EqualTo(1));
        Assert.That(queue.GetProperty("pending").GetInt64(), Is.EqualTo(1));
    }

    [TestCase("/api/queues/nope")]
    [TestCase("/api/queues/nope/history")]
    [TestCase("/api/queues/nope/groups")]
    public async Task Get_IsNotFound_WhenThereIsNoSuchQueue(string path)
    {
        var problem = await ProblemAsync(await Client.GetAsync(path), HttpStatusCode.NotFound);

        Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("There is no queue 'nope'."));
    }

    [TestCase("/api/queues/a%7Db")]
    [TestCase("/api/queues/a%20b/history")]
    [TestCase("/api/queues/-/groups")]
    public async Task Get_RefusesNamesThatAreNone(string path)
    {
        var problem = await ProblemAsync(await Client.GetAsync(path), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "queue" }));
    }

    [Test]
    public async Task GetHistory_CountsByDay_TodayFirst()
    {
        var today = TimeProvider.System.GetUtcNow();
        await Redis.SetAddAsync("asynq:queues", "mail");
        await Redis.StringSetAsync($"asynq:{{mail}}:processed:{today:yyyy-MM-dd}", 8);
        await Redis.StringSetAsync($"asynq:{{mail}}:failed:{today:yyyy-MM-dd}", 3);
        await Redis.StringSetAsync($"asynq:{{mail}}:processed:{today.AddDays(-6):yyyy-MM-dd}", 5);

        var history = await GetJsonAsync("/api/queues/mail/history");

        var days = history.EnumerateArray().Select(day => day.GetRawText()).ToList();
        Assert.That(days, Has.Count.EqualTo(7));
        Assert.That(days[0], Is.EqualTo($$"""{"date":"{{today:yyyy-MM-dd}}","processed":8,"failed":3}"""));
        Assert.That(days[6], Is.EqualTo($$"""{"date":"{{today.AddDays(-6):yyyy-MM-dd}}","processed":5,"failed":0}"""));
    }

    [TestCase(1)]
    [TestCase(90)]
    public async Task GetHistory_HasAsManyDaysAsAskedFor(int days)
    {
        await Redis.SetAddAsync("asynq:queues", "mail");

        var history = await GetJsonAsync($"/api/queues/mail/history?days={days}");

        Assert.That(history.GetArrayLength(), Is.EqualTo(days));
    }

    [TestCase("0")]
    [TestCase("91")]
    [TestCase("-1")]
    [TestCase("")]
    [TestCase("seven")]
    [TestCase("99999999999")]
    [TestCase("1&days=2")]
    public async Task GetHistory_NamesDays_WhenTheyAreOutOfRange(string days)
    {
        await Redis.SetAddAsync("asynq:queues", "mail");

        var response = await Client.GetAsync($"/api/queues/mail/history?days={days}");

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.That(Fields(problem), Is.EqualTo(new[] { "days" }));
        Assert.That(problem.GetProperty("errors").GetProperty("days")[0].GetString(), Does.Contain("1 to 90"));
    }

    [TestCase("/api/queues")]
    [TestCase("/api/queues/mail")]
    [TestCase("/api/queues/mail/history")]
    [TestCase("/api/queues/mail/groups")]
    public async Task Get_IsForbidden_WhenCallerMayNotRead(string path)
    {
        await Redis.SetAddAsync("asynq:queues", "mail");

        Assert.That((await Sender.SendAsync(Client, "GET", path)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Reader.SendAsync(Client, "GET", path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var stranger = await new TestKey("stranger").SendAsync(Client, "GET", path);
        Assert.That(stranger.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("/api/queues/files")]
    [TestCase("/api/queues/files/history")]
    [TestCase("/api/queues/files/groups")]
    public async Task Get_IsForbidden_WhenQueueIsNotTheCallers(string path)
    {
        await Redis.SetAddAsync("asynq:queues", "files");

        var problem = await ProblemAsync(await OfMail.SendAsync(Client, "GET", path), HttpStatusCode.Forbidden);

        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("\"files\""));
    }

    [Test]
    public async Task List_ShowsOnlyTheCallersQueues()
    {
        await Redis.SetAddAsync("asynq:queues", ["files", "mail", "mail-slow"]);

        Assert.That(await SeenAsync(OfMail, "/api/queues", "queue"), Is.EqualTo(new[] { "mail", "mail-slow" }));
        Assert.That(
            await SeenAsync(OfMailTypes, "/api/queues", "queue"), Is.EqualTo(new[] { "files", "mail", "mail-slow" }));
    }
}
