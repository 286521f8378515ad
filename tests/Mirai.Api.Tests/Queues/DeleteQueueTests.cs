using System.Net;
using StackExchange.Redis;

namespace Mirai.Api.Tests.Queues;

internal sealed class DeleteQueueTests : OperatorTest
{
    [Test]
    public async Task Delete_LeavesNothing_WhenQueueIsEmpty()
    {
        await Redis.SetAddAsync("asynq:queues", ["mail", "other"]);
        await Redis.StringSetAsync("asynq:{mail}:paused", 1);

        var response = await Client.DeleteAsync("/api/queues/mail");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Redis.SetMembersAsync("asynq:queues")).ToStringArray(), Is.EqualTo(new[] { "other" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:paused"), Is.False);
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=queue.delete target=mail count=1 outcome=done",
        }));
    }

    [TestCase("")]
    [TestCase("?force=false")]
    public async Task Delete_IsRefused_WhenTasksWait(string query)
    {
        await AddPendingAsync("mail", "a");

        var problem = await ProblemAsync(
            await Client.DeleteAsync($"/api/queues/mail{query}"), HttpStatusCode.Conflict);

        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("only by force"));
        Assert.That((await Redis.ListRangeAsync("asynq:{mail}:pending")).ToStringArray(), Is.EqualTo(new[] { "a" }));
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=queue.delete target=mail count=0 outcome=QueueNotEmptyException",
        }));
    }

    [Test]
    public async Task Delete_TakesTheTasksAlong_WhenItIsForced()
    {
        await AddPendingAsync("mail", "a");

        var response = await OfMail.SendAsync(Client, "DELETE", "/api/queues/mail?force=true");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Redis.KeyExistsAsync(["asynq:queues", "asynq:{mail}:pending", "asynq:{mail}:t:a"]), Is.Zero);
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=of-mail action=queue.delete target=mail count=1 outcome=done",
        }));
    }

    [Test]
    public async Task Delete_IsRefused_WhenTasksRun()
    {
        await Redis.SetAddAsync("asynq:queues", "mail");
        await Redis.ListLeftPushAsync("asynq:{mail}:active", "a");

        var response = await Client.DeleteAsync("/api/queues/mail?force=true");

        var problem = await ProblemAsync(response, HttpStatusCode.Conflict);
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("active tasks"));
        Assert.That((await Redis.SetMembersAsync("asynq:queues")).ToStringArray(), Is.EqualTo(new[] { "mail" }));
    }

    [Test]
    public async Task Delete_IsNotFound_WhenThereIsNoSuchQueue()
    {
        await ProblemAsync(await Client.DeleteAsync("/api/queues/nope?force=true"), HttpStatusCode.NotFound);

        Assert.That(await AuditAsync(), Has.One.EndsWith("target=nope count=0 outcome=QueueNotFoundException"));
    }

    [TestCase("yes")]
    [TestCase("")]
    [TestCase("True")]
    [TestCase("true&force=false")]
    public async Task Delete_NamesForce_WhenItIsNeitherTrueNorFalse(string force)
    {
        await AddPendingAsync("mail", "a");

        var response = await Client.DeleteAsync($"/api/queues/mail?force={force}");

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.That(Fields(problem), Is.EqualTo(new[] { "force" }));
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(1));
    }

    [Test]
    public async Task Delete_IsForbidden_WhenCallerMayNot()
    {
        await Redis.SetAddAsync("asynq:queues", ["files", "mail"]);

        (TestKey, string)[] refused = [(Reader, "mail"), (Sender, "mail"), (OfMail, "files"), (OfMailTypes, "mail")];
        foreach (var (key, queue) in refused)
        {
            var response = await key.SendAsync(Client, "DELETE", $"/api/queues/{queue}?force=true");
            await ProblemAsync(response, HttpStatusCode.Forbidden);
        }

        Assert.That(await Redis.SetLengthAsync("asynq:queues"), Is.EqualTo(2));
        Assert.That(await AuditAsync(), Is.Empty);
    }
}
