using System.Net;
using Mirai.Queue;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Api.Tests.Schedules;

internal sealed class RunScheduleTests : ScheduleTest
{
    [Test]
    public async Task Run_EnqueuesTheTaskOnce_WithTheEntrysOptions()
    {
        await AddAsync("e1", "mail:digest", "Queue(\"mail\")", "MaxRetry(3)", "Timeout(1m30s)", "Retention(1h0m0s)");

        var response = await PostAsync("/api/schedules/e1/run");

        var answer = await JsonAsync(response);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), answer.GetRawText());
        var id = answer.GetProperty("id").GetString()!;
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"/api/tasks/mail/{id}"));
        Assert.That(answer.TryGetProperty("payload", out _), Is.False);
        Assert.That((await Redis.ListRangeAsync("asynq:{mail}:pending")).ToStringArray(), Is.EqualTo(new[] { id }));
        var message = await MessageAsync("mail", id);
        Assert.That(
            (message.Type, message.Queue, message.Retry, message.Timeout, message.Retention),
            Is.EqualTo(("mail:digest", "mail", 3, 90L, 3600L)));
        Assert.That(message.Payload.ToStringUtf8(), Is.EqualTo("""{"secret":1}"""));
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=schedule.run target=mail:digest/e1 count=1 outcome=done",
        }));
    }

    [Test]
    public async Task Run_GoesToTheDefaultQueue_WhenTheEntryNamesNone()
    {
        await AddAsync("e1", "mail:digest");

        await OfMailTypes.SendAsync(Client, "POST", "/api/schedules/e1/run");

        Assert.That(await Redis.ListLengthAsync("asynq:{default}:pending"), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_EnqueuesWhatTheSchedulerWould_WhenOptionsAreTheTasks()
    {
        var options = new EnqueueOptions { Queue = "low", MaxRetry = 2 };
        var task = new PeriodicTask("@yearly", new QueueTask("mail:digest", options: options));
        await using var worker = await TestWorker.StartAsync(RedisUrl, (_, queue) => queue.AddPeriodicTask(task));
        await RedisWait.UntilAsync(
            async () => (await GetJsonAsync("/api/schedules")).GetArrayLength() == 1,
            TimeSpan.FromSeconds(30), "the entry is shown");
        var entry = (await GetJsonAsync("/api/schedules"))[0].GetProperty("id").GetString();

        var answer = await JsonAsync(await PostAsync($"/api/schedules/{entry}/run"));

        Assert.That(answer.GetProperty("queue").GetString(), Is.EqualTo("low"));
        Assert.That(answer.GetProperty("maxRetry").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Run_IsRefused_WhenTheEntrysTaskIsUniqueAndWaits()
    {
        await AddAsync("e1", "mail:digest", "Queue(\"mail\")", "Unique(1h0m0s)");
        await PostAsync("/api/schedules/e1/run");

        await ProblemAsync(await PostAsync("/api/schedules/e1/run"), HttpStatusCode.Conflict);

        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(1));
        Assert.That(await AuditAsync(), Has.One.EndsWith("count=0 outcome=DuplicateTaskException"));
    }

    [Test]
    public async Task Run_IsNotFound_WhenThereIsNoSuchEntryForTheCaller()
    {
        await AddSomeAsync();

        await ProblemAsync(await PostAsync("/api/schedules/nope/run"), HttpStatusCode.NotFound);
        foreach (var (key, id) in ((TestKey, string)[])[(OfMail, "e-both"), (OfMailTypes, "e-files")])
        {
            var response = await key.SendAsync(Client, "POST", $"/api/schedules/{id}/run");
            await ProblemAsync(response, HttpStatusCode.NotFound);
        }

        Assert.That(await Redis.KeyExistsAsync(["asynq:{files}:pending", "mirai:audit"]), Is.Zero);
    }

    [TestCase("Header([\"k\",\"v\"])", "Header")]
    [TestCase("Queue(mail)", "Queue(mail)")]
    [TestCase("Unique(100ms)", "Unique")]
    public async Task Run_SaysWhy_WhenAnOptionWillNotDo(string option, string reason)
    {
        await AddAsync("e1", "mail:digest", option);

        var response = await PostAsync("/api/schedules/e1/run");

        var problem = await ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(reason));
        Assert.That(await Redis.KeyExistsAsync("asynq:queues"), Is.False);
    }

    [Test]
    public async Task Run_IsForbidden_WhenCallerMayNot()
    {
        await AddSomeAsync();

        var response = await Reader.SendAsync(Client, "POST", "/api/schedules/e-mail/run");

        await ProblemAsync(response, HttpStatusCode.Forbidden);
        Assert.That(await Redis.KeyExistsAsync(["asynq:{mail}:pending", "mirai:audit"]), Is.Zero);
    }

    [Test]
    public async Task Run_RefusesNamesThatAreNone()
    {
        var problem = await ProblemAsync(await PostAsync("/api/schedules/a%7Db/run"), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "id" }));
    }
}
