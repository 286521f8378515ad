using System.Net;
using System.Net.Http.Headers;
using Mirai.Api.Security;
using Mirai.Local.Redis;

namespace Mirai.Api.Tests.Security;

/// <summary>What must not be read by others is searched for in everything that comes out.</summary>
internal sealed class SecretsTests : SecurityTest
{
    private const string SessionId = "cs_test_a1b2c3d4e5f6g7h8";

    [Test]
    public async Task SensitiveMember_IsShown_ToWhoMayReadPayloadsOnly()
    {
        await ListQueuesAsync("default");
        await SendAsync(
            "POST", "/api/tasks", EveryScope,
            $$$"""{"type":"stripe:provision","taskId":"a","payload":{"sessionId":"{{{SessionId}}}"}}""");

        var reader = await TextAsync(await SendAsync("GET", "/api/tasks/default/a", KeyOf(Scopes.TasksRead)));
        var lists = await TextAsync(await SendAsync("GET", "/api/queues/default/tasks", KeyOf(Scopes.TasksRead)));
        var search = await TextAsync(await SendAsync(
            "GET", "/api/queues/default/tasks/search?state=pending", KeyOf(Scopes.TasksRead)));
        var privileged = await TextAsync(await SendAsync("GET", "/api/tasks/default/a"));

        Assert.That(reader, Does.Contain("\"sessionId\":\"***\"").And.Not.Contain(SessionId));
        Assert.That(lists + search, Does.Contain("***").And.Not.Contain(SessionId));
        Assert.That(privileged, Does.Contain(SessionId));
        Assert.That(Api.Log, Has.None.Contains(SessionId));
    }

    [Test]
    public async Task UnknownPayload_IsShown_ToWhoMayReadPayloadsOnly()
    {
        await SendAsync("POST", "/api/tasks", EveryScope, """{"type":"mail:send","taskId":"a","payload":{"password":"geheim"}}""");

        var reader = await TextAsync(await SendAsync("GET", "/api/tasks/default/a", KeyOf(Scopes.TasksRead)));
        var privileged = await TextAsync(await SendAsync("GET", "/api/tasks/default/a"));

        Assert.That(reader, Does.Contain("mail:send").And.Not.Contain("geheim").And.Not.Contain("payload"));
        Assert.That(privileged, Does.Contain("geheim"));
    }

    [Test]
    public async Task Secret_IsInNothingThatComesOut()
    {
        var away = LoopbackPort.FindFree();
        var signingKey = Convert.ToBase64String([.. Enumerable.Repeat((byte)'s', 40)]);
        await using var api = new ApiHost(
            $"redis://ann:geheim-redis@127.0.0.1:{away}",
            Settings(
            [
                new("Api:RedisTimeout", "00:00:00.5"), new("Queue:EnqueueTimeout", "00:00:00.5"),
                new("Security:Jwt:Issuer", "https://login.example.com/"), new("Security:Jwt:Audience", "mirai"),
                new("Security:Jwt:SigningKey", signingKey),
                new("Stripe:ApiKey", "sk_test_geheim-stripe"), new("Stripe:WebhookSecret", "whsec_geheim-webhook"),
            ]));
        var answers = new List<string>();
        foreach (var (method, path) in ((string, string)[])
            [("GET", "/api/queues"), ("GET", "/api/tasks/default/a"), ("POST", "/api/tasks"), ("GET", "/api/nothing"),
             ("POST", "/api/webhooks/stripe"), ("GET", "/health/ready"), ("GET", "/health/startup"),
             ("GET", "/metrics")])
        {
            foreach (var (scheme, value) in ((string, string)[])
                [("ApiKey", EveryScope), ("ApiKey", "geheim-guess"), ("Bearer", "geheim-token.geheim-token.geheim-token")])
            {
                answers.Add(await AnswerAsync(api, method, path, new AuthenticationHeaderValue(scheme, value)));
            }
        }

        var output = string.Join('\n', answers.Concat(api.Log));
        Assert.That(output, Does.Contain("Redis"), "it was tried");
        Assert.That(output, Does.Not.Contain("geheim").And.Not.Contain(EveryScope).And.Not.Contain(signingKey)
            .And.Not.Contain(Keys.HashOf(EveryScope)));
    }

    private static async Task<string> AnswerAsync(
        ApiHost api, string method, string path, AuthenticationHeaderValue authorization)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? new StringContent("""{"type":"x"}""", null, "application/json") : null,
        };
        request.Headers.Authorization = authorization;
        using var response = await api.Client.SendAsync(request);

        return $"{response}\n{await response.Content.ReadAsStringAsync()}";
    }

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadAsStringAsync();
    }
}
