using System.Net;
using Mirai.Api.Security;

namespace Mirai.Api.Tests.Security;

/// <summary>Credentials that are for some queues, or for some types of tasks.</summary>
internal sealed class LimitedCallerTests : SecurityTest
{
    protected override ApiHost CreateApi() => new(RedisUrl, Settings(
        Keys.Settings("Queues", "of-queues", [.. Scopes.All], queues: ["mail*", "sms"])
            .Concat(Keys.Settings("Types", "of-types", [.. Scopes.All], types: ["mail:*"]))));

    [SetUp]
    public async Task EnqueueAsync()
    {
        await ListQueuesAsync("mailing", "other");
        foreach (var (queue, type) in ((string, string)[])[("mailing", "mail:send"), ("mailing", "sms:send"), ("other", "mail:send")])
        {
            using var response = await SendAsync(
                "POST", "/api/tasks", EveryScope,
                $$"""{"type":"{{type}}","queue":"{{queue}}","taskId":"{{type}}","processIn":"1h"}""");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        }
    }

    [TestCase("GET", "/api/tasks/mailing/mail:send", HttpStatusCode.OK)]
    [TestCase("GET", "/api/tasks/other/mail:send", HttpStatusCode.Forbidden)]
    [TestCase("POST", "/api/tasks/other/mail:send/run", HttpStatusCode.Forbidden)]
    [TestCase("GET", "/api/queues/other/tasks?state=scheduled", HttpStatusCode.Forbidden)]
    [TestCase("GET", "/api/queues/mailing/tasks?state=scheduled", HttpStatusCode.OK)]
    [TestCase("POST", "/api/queues/other/pause", HttpStatusCode.Forbidden)]
    [TestCase("DELETE", "/api/queues/other?force=true", HttpStatusCode.Forbidden)]
    public async Task Caller_StaysInItsQueues(string method, string path, HttpStatusCode status)
    {
        using var response = await SendAsync(method, path, "of-queues");

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(await Redis.KeyExistsAsync("asynq:{other}:t:mail:send"), Is.True);
        Assert.That(await Redis.KeyExistsAsync("asynq:{other}:paused"), Is.False);
    }

    [TestCase("""{"type":"x","queue":"sms"}""", HttpStatusCode.Accepted)]
    [TestCase("""{"type":"x","queue":"smsx"}""", HttpStatusCode.Forbidden)]
    [TestCase("""{"type":"x"}""", HttpStatusCode.Forbidden)]
    public async Task Caller_EnqueuesIntoItsQueues(string body, HttpStatusCode status)
    {
        using var response = await SendAsync("POST", "/api/tasks", "of-queues", body);

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("GET", "/api/tasks/mailing/mail:send", null, HttpStatusCode.OK)]
    [TestCase("GET", "/api/tasks/mailing/sms:send", null, HttpStatusCode.Forbidden)]
    [TestCase("DELETE", "/api/tasks/mailing/sms:send", null, HttpStatusCode.Forbidden)]
    [TestCase("POST", "/api/tasks", """{"type":"sms:send"}""", HttpStatusCode.Forbidden)]
    [TestCase("POST", "/api/tasks", """{"type":"mail:read"}""", HttpStatusCode.Accepted)]
    [TestCase("POST", "/api/queues/mailing/tasks/bulk", """{"action":"delete","state":"scheduled"}""", HttpStatusCode.Forbidden)]
    [TestCase(
        "POST", "/api/queues/mailing/tasks/bulk", """{"action":"delete","state":"scheduled","type":"*"}""", HttpStatusCode.Forbidden)]
    [TestCase(
        "POST", "/api/queues/mailing/tasks/bulk", """{"action":"run","state":"scheduled","type":"mail:*"}""", HttpStatusCode.OK)]
    [TestCase("POST", "/api/queues/mailing/pause", null, HttpStatusCode.Forbidden)]
    [TestCase("DELETE", "/api/queues/mailing?force=true", null, HttpStatusCode.Forbidden)]
    public async Task Caller_StaysWithItsTypes(string method, string path, string? body, HttpStatusCode status)
    {
        using var response = await SendAsync(method, path, "of-types", body);

        Assert.That(response.StatusCode, Is.EqualTo(status), await response.Content.ReadAsStringAsync());
        Assert.That(await Redis.KeyExistsAsync("asynq:{mailing}:t:sms:send"), Is.True);
    }

    [Test]
    public async Task List_ShowsTasksOfItsTypesOnly()
    {
        var tasks = await JsonAsync(await SendAsync("GET", "/api/queues/mailing/tasks?state=scheduled", "of-types"));

        Assert.That(
            tasks.EnumerateArray().Select(task => task.GetProperty("type").GetString()),
            Is.EqualTo(new[] { "mail:send" }));
    }

    [Test]
    public async Task Queues_ShowsItsQueuesOnly()
    {
        var queues = await JsonAsync(await SendAsync("GET", "/api/queues", "of-queues"));

        Assert.That(
            queues.EnumerateArray().Select(queue => queue.GetProperty("queue").GetString()),
            Is.EqualTo(new[] { "mailing" }));
    }
}
