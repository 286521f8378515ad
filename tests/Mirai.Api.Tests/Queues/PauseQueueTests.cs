using System.Net;

namespace Mirai.Api.Tests.Queues;

internal sealed class PauseQueueTests : OperatorTest
{
    [Test]
    public async Task Pause_KeepsWorkersFromTheQueue_UntilItIsResumed()
    {
        await Redis.SetAddAsync("asynq:queues", "mail");

        Assert.That(await AnswerAsync(await PostAsync("/api/queues/mail/pause")), Is.EqualTo("""{"changed":true}"""));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:paused"), Is.True);
        Assert.That(await AnswerAsync(await PostAsync("/api/queues/mail/pause")), Is.EqualTo("""{"changed":false}"""));

        Assert.That(await AnswerAsync(await PostAsync("/api/queues/mail/resume")), Is.EqualTo("""{"changed":true}"""));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:paused"), Is.False);
        Assert.That(await AnswerAsync(await PostAsync("/api/queues/mail/resume")), Is.EqualTo("""{"changed":false}"""));
    }

    [Test]
    public async Task Change_LeavesARecord()
    {
        await PostAsync("/api/queues/mail/pause");
        await OfMail.SendAsync(Client, "POST", "/api/queues/mail/pause");
        await OfMail.SendAsync(Client, "POST", "/api/queues/mail/resume");

        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=queue.pause target=mail count=1 outcome=done",
            "who=of-mail action=queue.pause target=mail count=0 outcome=done",
            "who=of-mail action=queue.resume target=mail count=1 outcome=done",
        }));
    }

    [TestCase("pause")]
    [TestCase("resume")]
    public async Task Change_IsForbidden_WhenCallerMayNot(string action)
    {
        await Redis.StringSetAsync("asynq:{files}:paused", 1);
        await Redis.SetAddAsync("asynq:queues", ["files", "mail"]);

        (TestKey, string)[] refused = [(Reader, "mail"), (Sender, "mail"), (OfMail, "files"), (OfMailTypes, "files")];
        foreach (var (key, queue) in refused)
        {
            var response = await key.SendAsync(Client, "POST", $"/api/queues/{queue}/{action}");
            await ProblemAsync(response, HttpStatusCode.Forbidden);
        }

        Assert.That(await Redis.KeyExistsAsync("asynq:{files}:paused"), Is.True);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:paused"), Is.False);
        Assert.That(await AuditAsync(), Is.Empty);
    }

    [TestCase("pause")]
    [TestCase("resume")]
    public async Task Change_RefusesNamesThatAreNone(string action)
    {
        var problem = await ProblemAsync(await PostAsync($"/api/queues/a%7Db/{action}"), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "queue" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{a}b}:paused"), Is.False);
    }

    private static async Task<string> AnswerAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);

        return text;
    }
}
