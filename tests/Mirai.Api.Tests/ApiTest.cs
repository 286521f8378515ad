using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Api.Tests;

/// <summary>A test of the API over HTTP, on a Redis that is empty when the test begins.</summary>
internal abstract class ApiTest : RedisTest
{
    protected ApiHost Api { get; private set; } = null!;

    protected HttpClient Client => Api.Client;

    [OneTimeSetUp]
    public void StartApi() => Api = CreateApi();

    [OneTimeTearDown]
    public async Task StopApiAsync() => await Api.DisposeAsync();

    protected virtual ApiHost CreateApi() => new(RedisUrl);

    protected Task<HttpResponseMessage> PostTaskAsync(string body) => PostAsync(
        "/api/tasks", new StringContent(body, Encoding.UTF8, "application/json"));

    protected Task<HttpResponseMessage> PostAsync(string path, HttpContent content, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return Client.SendAsync(request);
    }

    protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    /// <summary>Puts queues on the list of all queues: the API has done so before, and Redis was emptied
    /// since.</summary>
    protected static Task ListQueuesAsync(params string[] queues) =>
        Redis.SetAddAsync("asynq:queues", [.. queues.Select(queue => (RedisValue)queue)]);

    /// <summary>Every audit record, without its time. Garnet has no streams: there the test ends here.</summary>
    protected static async Task<string[]> AuditAsync()
    {
        try
        {
            return [.. (await Redis.StreamRangeAsync("mirai:audit")).Select(Text)];
        }
        catch (RedisServerException exception)
            when (exception.Message.Contains("unknown command", StringComparison.Ordinal))
        {
            Assert.Ignore("This Redis has no streams.");
            throw;
        }
    }

    /// <summary>A problem (RFC 9457) of that status.</summary>
    protected static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();

        Assert.That((int)response.StatusCode, Is.EqualTo((int)status), text);
        Assert.That(
            response.Content.Headers.ContentType, Is.EqualTo(new MediaTypeHeaderValue("application/problem+json")));
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
        Assert.That(problem.GetProperty("title").GetString(), Is.Not.Empty);
        return problem;
    }

    /// <summary>The fields that a problem names.</summary>
    protected static string[] Fields(JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)];

    protected static async Task<TaskMessage> MessageAsync(string queue, string taskId) =>
        TaskMessage.Parser.ParseFrom((byte[])(await Redis.HashGetAsync($"asynq:{{{queue}}}:t:{taskId}", "msg"))!);

    private static string Text(StreamEntry record) => string.Join(
        ' ', record.Values.Where(value => value.Name != "at").Select(value => $"{value.Name}={value.Value}"));
}
