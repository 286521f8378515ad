using System.Net;
using System.Text;

namespace Mirai.Api.Tests.Tasks;

/// <summary>A client that got no answer sends its request again.</summary>
internal sealed class IdempotencyTests : ApiTest
{
    [TestCase("")]
    [TestCase(""","uniqueFor":"1h" """)]
    [TestCase(""","processIn":"1h" """)]
    public async Task Post_StoresOneTask_WhenItIsRepeated(string options)
    {
        var body = $$"""{"type":"mail:send","payload":{"to":"ann"}{{options}}}""";

        var first = await SendAsync("order-1", body);
        var second = await SendAsync("order-1", body);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await JsonAsync(second)).GetProperty("id").GetString(), Is.EqualTo("order-1"));
        Assert.That(second.Headers.Location, Is.EqualTo(first.Headers.Location));
        Assert.That(
            await Redis.ListLengthAsync("asynq:{default}:pending") + await Redis.SortedSetLengthAsync(
                "asynq:{default}:scheduled"),
            Is.EqualTo(1));
    }

    [TestCase("""{"type":"mail:send","payload":{"to":"bob"}}""")]
    [TestCase("""{"type":"mail:read","payload":{"to":"ann"}}""")]
    [TestCase("""{"type":"mail:send"}""")]
    public async Task Post_IsAConflict_WhenAnotherTaskHasTheKey(string other)
    {
        await SendAsync("order-1", """{"type":"mail:send","payload":{"to":"ann"}}""");

        var problem = await ProblemAsync(await SendAsync("order-1", other), HttpStatusCode.Conflict);

        Assert.That(problem.GetProperty("task").GetProperty("id").GetString(), Is.EqualTo("order-1"));
    }

    [TestCase("a b", "{}", "Idempotency-Key")]
    [TestCase("", """{"type":"x"}""", "Idempotency-Key")]
    [TestCase("a", """{"type":"x","taskId":"b"}""", "taskId")]
    public async Task Post_NamesTheField_WhenTheKeyIsWrong(string key, string body, string field)
    {
        var problem = await ProblemAsync(await SendAsync(key, body), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(new[] { field }));
    }

    private Task<HttpResponseMessage> SendAsync(string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/tasks")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return Client.SendAsync(request);
    }
}
