using System.Net;
using System.Text;

namespace Mirai.Api.Tests.Security;

internal sealed class RequestLimitTests : SecurityTest
{
    [Test]
    public async Task Request_IsRefused_WhenItsClientSendsTooMany()
    {
        await using var api = new ApiHost(RedisUrl, Settings([new("Security:RequestsPerSecond", "1")]));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SendAsync(api, EveryScope)));
        var other = await SendAsync(api, KeyOf("tasks:read"));
        var probe = await api.Client.GetAsync("/health/live");

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), Is.GreaterThanOrEqualTo(2));
        Assert.That(refused, Is.Not.Empty);
        Assert.That(refused[0].Headers.RetryAfter!.Delta, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
        await ProblemAsync(refused[0], HttpStatusCode.TooManyRequests);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK), "each client has a limit of its own");
        Assert.That(probe.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Stranger_IsRefused_WhenItTriesTooManyKeys()
    {
        await using var api = new ApiHost(RedisUrl, Settings([new("Security:AnonymousRequestsPerSecond", "1")]));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => SendAsync(api, $"guess-{number}")));

        Assert.That(answers.Select(answer => answer.StatusCode), Has.Some.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(
            answers.Select(answer => answer.StatusCode),
            Is.All.EqualTo(HttpStatusCode.TooManyRequests).Or.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("POST", "/api/queues/default/tasks/bulk", 100_000)]
    [TestCase("POST", "/api/tasks/default/a/reschedule", 100_000)]
    [TestCase("POST", "/api/tasks", 3_000_000)]
    [TestCase("PUT", "/api/tasks/default/a/payload", 3_000_000)]
    [TestCase("POST", "/api/registrations", 100_000)]
    [TestCase("POST", "/api/folders", 20_000_000)]
    public async Task Body_IsRefused_WhenItIsTooLarge(string method, string path, int bytes)
    {
        using var response = await SendAsync(
            method, path, EveryScope, $$"""{"type":"x","payload":"{{new string('a', bytes)}}"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(AllKeys(), Is.Empty);
    }

    [Test]
    public async Task Browser_IsToldNothing_UnlessItsSiteIsNamed()
    {
        await using var api = new ApiHost(
            RedisUrl, Settings([new("Security:CorsOrigins:0", "https://app.example.com")]));

        var allowed = await PreflightAsync(api.Client, "https://app.example.com");
        var other = await PreflightAsync(api.Client, "https://evil.example.com");
        var unconfigured = await PreflightAsync(Client, "https://app.example.com");

        Assert.That(allowed, Is.EqualTo("https://app.example.com"));
        Assert.That(other, Is.Null);
        Assert.That(unconfigured, Is.Null);
    }

    private static async Task<string?> PreflightAsync(HttpClient client, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/tasks");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await client.SendAsync(request);

        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? origins.Single() : null;
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiHost api, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queues")
        {
            Content = new StringContent("", Encoding.UTF8),
        };
        request.Headers.Add("X-Api-Key", key);
        return await api.Client.SendAsync(request);
    }
}
