using System.Net;
using Mirai.Testing;

namespace Mirai.Api.Tests.Tasks;

internal sealed class EnqueueConflictTests : ApiTest
{
    [Test]
    public async Task Post_ShowsTheOtherTask_WhenIdIsTaken()
    {
        await PostTaskAsync("""{"type":"mail:send","queue":"mail","taskId":"a:1","processIn":"1h"}""");
        var before = await RedisDump.AllAsync(Redis);

        var problem = await ProblemAsync(
            await PostTaskAsync("""{"type":"other","queue":"mail","taskId":"a:1"}"""), HttpStatusCode.Conflict);

        Assert.That(problem.GetProperty("task").ToString(), Is.EqualTo(
            """{"id":"a:1","queue":"mail","state":"scheduled","url":"/api/tasks/mail/a%3A1"}"""));
        Assert.That(
            (await Client.GetAsync(problem.GetProperty("task").GetProperty("url").GetString())).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await RedisDump.AllAsync(Redis), Is.EqualTo(before));
    }

    [Test]
    public async Task Post_ShowsTheOtherTask_WhenItIsEqual()
    {
        await PostTaskAsync("""{"type":"mail:send","payload":{"to":"ann"},"taskId":"first","uniqueFor":"1h"}""");
        var before = await RedisDump.AllAsync(Redis);

        var problem = await ProblemAsync(
            await PostTaskAsync("""{"type":"mail:send","payload":{"to":"ann"},"taskId":"second","uniqueFor":"1h"}"""),
            HttpStatusCode.Conflict);

        Assert.That(problem.GetProperty("task").ToString(), Is.EqualTo(
            """{"id":"first","queue":"default","state":"pending","url":"/api/tasks/default/first"}"""));
        Assert.That(await RedisDump.AllAsync(Redis), Is.EqualTo(before));
    }

    [Test]
    public async Task Post_LeavesTheStateOut_WhenTheOtherTaskIsGone()
    {
        await PostTaskAsync("""{"type":"mail:send","taskId":"first","uniqueFor":"1h"}""");
        await Redis.KeyDeleteAsync("asynq:{default}:t:first"); // its lock stays

        var problem = await ProblemAsync(
            await PostTaskAsync("""{"type":"mail:send","uniqueFor":"1h"}"""), HttpStatusCode.Conflict);

        Assert.That(problem.GetProperty("task").ToString(), Is.EqualTo(
            """{"id":"first","queue":"default","url":"/api/tasks/default/first"}"""));
    }

    [Test]
    public async Task Post_LeavesTheStateOut_WhenTheOtherTaskCannotBeRead()
    {
        await Redis.HashSetAsync("asynq:{default}:t:a", [new("msg", "\xff"), new("state", "pending")]);

        var problem = await ProblemAsync(
            await PostTaskAsync("""{"type":"mail:send","taskId":"a"}"""), HttpStatusCode.Conflict);

        Assert.That(problem.GetProperty("task").TryGetProperty("state", out _), Is.False);
    }
}
