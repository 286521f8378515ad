using System.Net;
using System.Text;
using Mirai.Local.Redis;
using Mirai.Testing;

namespace Mirai.Api.Tests.Faults;

/// <summary>Redis goes away: every answer comes in time and says so, and everything works when it is back.</summary>
[RequiresRedisServer]
internal sealed class RedisOutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Far above the settings (1 s), far below a hang.
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Queue:EnqueueTimeout"] = "00:00:01",
        ["Api:RedisTimeout"] = "00:00:01",
    };

    private RedisServerProcess redis = null!;

    [SetUp]
    public async Task StartRedisAsync() => redis = await RedisServerProcess.StartTemporaryAsync(
        RedisServerProcess.FindExecutable()!, "--appendonly", "yes", "--appendfsync", "always");

    [TearDown]
    public async Task StopRedisAsync() => await redis.DisposeAsync();

    [Test]
    public async Task Answers_AreUnavailable_WhileRedisIsStopped()
    {
        await using var api = new ApiHost(redis.Url, Settings);
        Assert.That((await PostAsync(api)).StatusCode, Is.EqualTo(HttpStatusCode.Accepted));

        await redis.StopAsync();
        await AssertUnavailableAsync(api);
        await redis.StartAgainAsync();

        await AssertWorksAgainAsync(api);
    }

    [Test]
    public async Task Answers_AreUnavailable_WhileRedisIsFrozen()
    {
        await using var api = new ApiHost(redis.Url, Settings);
        Assert.That((await PostAsync(api)).StatusCode, Is.EqualTo(HttpStatusCode.Accepted));

        redis.Freeze();
        await AssertUnavailableAsync(api);
        redis.Thaw();

        await AssertWorksAgainAsync(api);
    }

    [Test]
    public async Task Answers_AreUnavailable_WhenRedisWasNeverThere()
    {
        await redis.StopAsync();
        await using var api = new ApiHost(redis.Url, Settings);

        await AssertUnavailableAsync(api);
        await redis.StartAgainAsync();

        await AssertWorksAgainAsync(api);
    }

    [Test]
    public async Task Answers_AreUnavailable_WhenManyAskAtOnce()
    {
        await using var api = new ApiHost(redis.Url, Settings);
        await PostAsync(api);
        redis.Freeze();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(api)))
            .WaitAsync(InTime, TimeProvider.System);
        redis.Thaw();

        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    private async Task AssertUnavailableAsync(ApiHost api)
    {
        HttpResponseMessage[] answers =
        [
            await PostAsync(api).WaitAsync(InTime, TimeProvider.System),
            await api.Client.GetAsync("/api/tasks/default/a").WaitAsync(InTime, TimeProvider.System),
            await api.Client.GetAsync("/api/queues").WaitAsync(InTime, TimeProvider.System),
        ];
        foreach (var answer in answers)
        {
            var body = await answer.Content.ReadAsStringAsync();
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), body);
            Assert.That(answer.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(
                body, Does.Not.Contain("127.0.0.1").And.Not.Contain($"{redis.Port}").And.Not.Contain("StackExchange"));
        }

        // A document needs no Redis to be taken: the outbox keeps its task.
        var taken = await PostDocumentAsync(api).WaitAsync(InTime, TimeProvider.System);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));

        var ready = await api.Client.GetAsync("/health/ready").WaitAsync(InTime, TimeProvider.System);
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            await ready.Content.ReadAsStringAsync(), Does.StartWith("Degraded\nqueue: ").And.Not.Contain("127.0.0.1"));
        Assert.That((await api.Client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(api.Log, Has.None.StartsWith("Error"));
    }

    private static Task<HttpResponseMessage> PostDocumentAsync(ApiHost api) =>
        api.Client.PostAsync("/api/documents", new StringContent("# Hi", Encoding.UTF8, "text/markdown"));

    private static async Task AssertWorksAgainAsync(ApiHost api)
    {
        using var patience = new CancellationTokenSource(Patience);
        await AssertPublishedAsync(api);
        while ((await PostAsync(api)).StatusCode != HttpStatusCode.Accepted)
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.That(
            (await api.Client.GetAsync("/api/queues", patience.Token)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await api.Client.GetStringAsync("/health/ready", patience.Token), Is.EqualTo("Healthy"));
    }

    // Also what was committed while Redis was away.
    private static Task AssertPublishedAsync(ApiHost api) => RedisWait.UntilAsync(
        async () => (await api.Database.QueryAsync("""SELECT count(*) FROM outbox WHERE "PublishedAt" IS NULL"""))[0] == "0",
        Patience, "the outbox is empty");

    private static Task<HttpResponseMessage> PostAsync(ApiHost api) => api.Client.PostAsync(
        "/api/tasks", new StringContent("""{"type":"mail:send"}""", Encoding.UTF8, "application/json"));
}
