using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Api.Security;

namespace Mirai.Api.Tests.Security;

internal sealed class ApiKeyTests : SecurityTest
{
    protected override ApiHost CreateApi() => new(RedisUrl, Settings(
        Keys.Settings("Old", "old-key", [Scopes.TasksRead])
            .Concat(Keys.Settings("New", "new-key", [Scopes.TasksRead]))
            .Concat(Keys.Settings("Gone", "gone-key", [Scopes.TasksRead]))
            .Concat(Keys.Settings("Coming", "coming-key", [Scopes.TasksRead]))
            .Concat(
            [
                new("Security:ApiKeys:Gone:NotAfter", "2020-01-01T00:00:00Z"),
                new("Security:ApiKeys:Coming:NotBefore", "2199-01-01T00:00:00Z"),
                new("Security:ApiKeys:Old:Client", "shop"),
                new("Security:ApiKeys:New:Client", "shop"),
            ])));

    [TestCase("old-key", HttpStatusCode.OK)]
    [TestCase("new-key", HttpStatusCode.OK)]
    [TestCase("gone-key", HttpStatusCode.Unauthorized)]
    [TestCase("coming-key", HttpStatusCode.Unauthorized)]
    [TestCase("", HttpStatusCode.Unauthorized)]
    [TestCase("old-key ", HttpStatusCode.OK, Description = "HTTP trims it")]
    [TestCase("OLD-KEY", HttpStatusCode.Unauthorized)]
    public async Task Key_IsTaken_WhileItIsValid(string key, HttpStatusCode status)
    {
        using var response = await SendAsync("GET", "/api/queues", key);

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("ApiKey old-key", HttpStatusCode.OK)]
    [TestCase("apikey old-key", HttpStatusCode.OK)]
    [TestCase("Basic old-key", HttpStatusCode.Unauthorized)]
    [TestCase("Bearer old-key", HttpStatusCode.Unauthorized)]
    [TestCase("old-key", HttpStatusCode.Unauthorized)]
    public async Task Key_IsTaken_FromTheAuthorizationHeader(string value, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queues");
        request.Headers.TryAddWithoutValidation("Authorization", value);

        using var response = await Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Key_IsRefused_WhenItIsVeryLong() => await ProblemAsync(
        await SendAsync("GET", "/api/queues", new string('k', 8_000)), HttpStatusCode.Unauthorized);

    [Test]
    public async Task Key_CanBeChanged_WithoutARestart()
    {
        await using var api = new ApiHost(RedisUrl, Settings(Keys.Settings("Rotating", "first", [Scopes.TasksRead])));
        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();

        configuration["Security:ApiKeys:Rotating:Hash"] = Keys.HashOf("second");
        configuration.Reload();

        Assert.That(await StatusAsync(api, "first"), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(api, "second"), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Everything_IsClosed_WhenThereAreNoKeys()
    {
        await using var api = new ApiHost(RedisUrl, new Dictionary<string, string> { ["environment"] = "Production" });

        Assert.That(await StatusAsync(api, ""), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(api.Log, Has.Some.Contains("only health checks and webhooks are answered"));
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiHost api, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queues");
        request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        using var response = await api.Client.SendAsync(request);

        return response.StatusCode;
    }
}
