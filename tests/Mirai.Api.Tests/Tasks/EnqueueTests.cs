using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Wire;

namespace Mirai.Api.Tests.Tasks;

internal sealed class EnqueueTests : ApiTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    protected override ApiHost CreateApi() => new(
        RedisUrl, configure: services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now)));

    [Test]
    public async Task Post_StoresWhatAsynqStores()
    {
        var response = await PostTaskAsync("""{"type":"mail:send","payload":{"to":"ann"},"taskId":"a"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo("/api/tasks/default/a"));
        Assert.That(
            (await Redis.ListRangeAsync("asynq:{default}:pending")).Select(id => (string?)id),
            Is.EqualTo(new[] { "a" }));
        var fields = (await Redis.HashGetAllAsync("asynq:{default}:t:a"))
            .ToDictionary(field => (string)field.Name!, field => field.Value);
        Assert.That(fields.Keys, Is.EquivalentTo(new[] { "msg", "state", "pending_since" }));
        Assert.That((string?)fields["state"], Is.EqualTo("pending"));
        Assert.That((long)fields["pending_since"], Is.EqualTo(1_800_000_000_000_000_000));
        var message = TaskMessage.Parser.ParseFrom((byte[])fields["msg"]!);
        message.Headers.Clear(); // the trace of the request
        Assert.That(message, Is.EqualTo(new TaskMessage
        {
            Type = "mail:send", Payload = Google.Protobuf.ByteString.CopyFromUtf8("""{"to":"ann"}"""), Id = "a",
            Queue = "default", Retry = 25, Timeout = 1800,
        }));
    }

    [Test]
    public async Task Post_AnswersWithTheTask()
    {
        var task = await JsonAsync(await PostTaskAsync("""{"type":"mail:send","taskId":"a"}"""));

        Assert.That(
            task.GetProperty("headers").EnumerateObject().Select(header => header.Name),
            Is.EqualTo(new[] { "traceparent" }));
        Assert.That(
            task.EnumerateObject().Where(member => member.Name != "headers")
                .Select(member => $"{member.Name}={member.Value}"),
            Is.EqualTo(new[]
            {
                "id=a", "queue=default", "type=mail:send", "state=pending", "retried=0", "maxRetry=25",
                "nextProcessAt=2027-01-15T08:00:00+00:00", "timeout=30m0s",
            }));
    }

    [Test]
    public async Task Post_RegistersQueue_AndDrawsAnId()
    {
        var queue = $"q-{Guid.NewGuid()}"; // what is known to be registered is not registered again

        var response = await PostTaskAsync($$"""{"type":"mail:send","queue":"{{queue}}"}""");

        var id = (await JsonAsync(response)).GetProperty("id").GetString()!;
        Assert.That(Guid.TryParse(id, out _), Is.True);
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"/api/tasks/{queue}/{id}"));
        Assert.That(await Redis.SetContainsAsync("asynq:queues", queue), Is.True);
        Assert.That((string?)await Redis.ListGetByIndexAsync($"asynq:{{{queue}}}:pending", 0), Is.EqualTo(id));
    }

    [Test]
    public async Task Post_PassesEveryOption_WhenScheduled()
    {
        var response = await PostTaskAsync("""
            {
              "type": "mail:send", "payload": "hi", "queue": "mail", "maxRetry": 0, "timeout": "1m30s",
              "deadline": "2027-01-16T09:00:00+01:00", "processIn": "1h", "uniqueFor": "10m", "taskId": "id:1", "retention": "24h",
              "group": "ignored-while-scheduled", "headers": { "tenant": "7", "": "empty name" }
            }
            """);

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo("/api/tasks/mail/id%3A1"));
        var message = await MessageAsync("mail", "id:1");
        Assert.That(message.Headers.Remove("traceparent"), Is.True);
        const string Lock = "asynq:{mail}:unique:mail:send:b9b09d8dd81ce4fdb06ab3c9ee4ee34e";
        Assert.That(message, Is.EqualTo(new TaskMessage
        {
            Type = "mail:send", Payload = Google.Protobuf.ByteString.CopyFromUtf8("\"hi\""), Id = "id:1",
            Queue = "mail", Retry = 0,
            Timeout = 90, Deadline = 1_800_000_000 + 86_400, UniqueKey = message.UniqueKey, Retention = 86_400,
            GroupKey = "ignored-while-scheduled", Headers = { ["tenant"] = "7", [""] = "empty name" },
        }));
        Assert.That(
            message.UniqueKey, Does.StartWith("asynq:{mail}:unique:mail:send:").And.Length.EqualTo(Lock.Length));
        Assert.That(
            await Redis.SortedSetScoreAsync("asynq:{mail}:scheduled", "id:1"), Is.EqualTo(1_800_000_000 + 3_600));
        Assert.That((string?)await Redis.StringGetAsync(message.UniqueKey), Is.EqualTo("id:1"));
        Assert.That((await Redis.KeyTimeToLiveAsync(message.UniqueKey))!.Value.TotalMinutes, Is.InRange(69, 70));
        Assert.That(
            (string?)await Redis.HashGetAsync("asynq:{mail}:t:id:1", "unique_key"), Is.EqualTo(message.UniqueKey));
    }

    [Test]
    public async Task Post_AddsToGroup()
    {
        var response = await PostTaskAsync("""{"type":"mail:send","taskId":"a","group":"user:7"}""");

        Assert.That((await JsonAsync(response)).GetProperty("state").GetString(), Is.EqualTo("aggregating"));
        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:g:user:7", "a"), Is.EqualTo(1_800_000_000));
        Assert.That(await Redis.SetContainsAsync("asynq:{default}:groups", "user:7"), Is.True);
    }

    [TestCase("\"processAt\":\"2027-01-15T09:00:00Z\"", 1_800_003_600)]
    [TestCase("\"processAt\":\"2027-01-15T09:00:00.75-01:00\"", 1_800_007_201)]
    [TestCase("\"processIn\":\"1.5h\"", 1_800_005_400)]
    [TestCase("\"processIn\":\"2562047h\"", 1_800_000_000 + (2_562_047L * 3_600))]
    [TestCase("\"processAt\":\"9999-12-31T23:59:59Z\"", 253_402_300_799)]
    [TestCase(
        "\"processAt\":\"9999-12-31T23:59:59Z\",\"uniqueFor\":\"2562047h\",\"retention\":\"2562047h\"",
        253_402_300_799)]
    public async Task Post_Schedules(string option, long due)
    {
        await PostTaskAsync($$"""{"type":"mail:send","taskId":"a",{{option}}}""");

        Assert.That(await Redis.SortedSetScoreAsync("asynq:{default}:scheduled", "a"), Is.EqualTo(due));
    }

    [TestCase("\"processAt\":\"2001-01-01T00:00:00Z\"")]
    [TestCase("\"processIn\":\"0\"")]
    [TestCase("\"processIn\":null,\"queue\":null,\"maxRetry\":null,\"headers\":null")]
    public async Task Post_IsForNow_WhenDueTimeHasPassedOrIsNotSaid(string option)
    {
        await PostTaskAsync($$"""{"type":"mail:send","taskId":"a",{{option}}}""");

        Assert.That(await Redis.ListLengthAsync("asynq:{default}:pending"), Is.EqualTo(1));
    }

    // JSON goes through byte by byte: a lock, a signature or a Go handler may depend on every one of them.
    [TestCase("""{ "b":1.0,  "a":[ 1e3 ],"ü":"\u00fc", "😀":null }""")]
    [TestCase("null")]
    [TestCase("\"text\"")]
    [TestCase("-0.0")]
    [TestCase("{\"a\":1,\"a\":2}")]
    public async Task Post_PassesPayloadOnUnchanged(string payload)
    {
        await PostTaskAsync($$"""{"type":"mail:send","taskId":"a","payload": {{payload}} }""");

        Assert.That((await MessageAsync("default", "a")).Payload.ToStringUtf8(), Is.EqualTo(payload));
    }

    [TestCase("AP8QAA==", new byte[] { 0, 255, 16, 0 })]
    [TestCase("", new byte[0])]
    public async Task Post_TakesAnyBytes_WhenPayloadIsBase64(string base64, byte[] bytes)
    {
        await PostTaskAsync($$"""{"type":"mail:send","taskId":"a","payloadBase64":"{{base64}}"}""");

        Assert.That((await MessageAsync("default", "a")).Payload.ToByteArray(), Is.EqualTo(bytes));
    }

    // As in Asynq: a lock ends with the hash of the payload, and with nothing when there is none.
    [TestCase("", "asynq:{default}:unique:mail:send:")]
    [TestCase(",\"payloadBase64\":\"\"", "asynq:{default}:unique:mail:send:d41d8cd98f00b204e9800998ecf8427e")]
    public async Task Post_TellsNoPayloadFromEmpty_WhenUnique(string payload, string key)
    {
        await PostTaskAsync($$"""{"type":"mail:send","taskId":"a","uniqueFor":"1m"{{payload}}}""");

        Assert.That((string?)await Redis.StringGetAsync(key), Is.EqualTo("a"));
    }

    [TestCase("application/json; charset=\"UTF-8\"")]
    [TestCase("application/vnd.mirai+json")]
    public async Task Post_TakesJson_HoweverItIsCalled(string contentType)
    {
        var content = new ByteArrayContent("""{"type":"mail:send","taskId":"a"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var response = await PostAsync("/api/tasks", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }
}
