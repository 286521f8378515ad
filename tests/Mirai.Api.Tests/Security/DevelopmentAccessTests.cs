using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Api.Tests.Security;

/// <summary>Who needs no credentials in a development environment.</summary>
internal sealed class DevelopmentAccessTests : ApiTest
{
    private const string Caller = "X-Test-Caller";

    protected override ApiHost CreateApi() => Start("Development", allowsRemote: false);

    [TestCase("127.0.0.1", HttpStatusCode.OK)]
    [TestCase("::1", HttpStatusCode.OK)]
    [TestCase("::ffff:127.0.0.1", HttpStatusCode.OK)]
    [TestCase("10.1.2.3", HttpStatusCode.Unauthorized)]
    [TestCase("fe80::1", HttpStatusCode.Unauthorized)]
    [TestCase("", HttpStatusCode.Unauthorized, Description = "a socket that is a file")]
    public async Task Request_NeedsCredentials_FromAnotherMachine(string caller, HttpStatusCode status) =>
        Assert.That(await StatusAsync(Api, (Caller, caller)), Is.EqualTo(status));

    [TestCase("X-Forwarded-For", "127.0.0.1")]
    [TestCase("Forwarded", "for=127.0.0.1")]
    [TestCase("X-Original-For", "10.1.2.3")]
    [TestCase("X-Real-IP", "10.1.2.3")]
    [TestCase("Via", "1.1 proxy")]
    [TestCase("Host", "mirai.example")]
    public async Task Request_NeedsCredentials_ThroughAProxyOnThisMachine(string header, string value) =>
        Assert.That(await StatusAsync(Api, (header, value)), Is.EqualTo(HttpStatusCode.Unauthorized));

    [TestCase("X-Api-Key", "wrong")]
    [TestCase("Authorization", "Bearer wrong")]
    public async Task Request_IsRefused_WhenItsCredentialsAreWrong(string header, string value) =>
        Assert.That(await StatusAsync(Api, (header, value)), Is.EqualTo(HttpStatusCode.Unauthorized));

    [TestCase("Development", HttpStatusCode.OK)]
    [TestCase("Production", HttpStatusCode.Unauthorized)]
    [TestCase("Staging", HttpStatusCode.Unauthorized)]
    public async Task Setting_OpensToOtherMachines_InDevelopmentOnly(string environment, HttpStatusCode status)
    {
        await using var api = Start(environment, allowsRemote: true);

        Assert.That(await StatusAsync(api, (Caller, "10.1.2.3")), Is.EqualTo(status));
    }

    [Test]
    public void Log_SaysToWhomTheApiIsOpen() =>
        Assert.That(Api.Log, Has.Some.Contains("requests from this machine may do everything without credentials"));

    private static ApiHost Start(string environment, bool allowsRemote) => new(
        RedisUrl,
        new Dictionary<string, string>
        {
            ["environment"] = environment, ["Security:AllowRemoteDevelopment"] = $"{allowsRemote}",
        },
        services => services.AddSingleton<IStartupFilter, CallerFromHeader>());

    private static async Task<HttpStatusCode> StatusAsync(ApiHost api, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queues");
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        using var response = await api.Client.SendAsync(request);

        return response.StatusCode;
    }

    /// <summary>Lets a test say from where a request comes.</summary>
    private sealed class CallerFromHeader : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, rest) =>
            {
                if (http.Request.Headers.TryGetValue(Caller, out var caller))
                {
                    http.Connection.RemoteIpAddress = IPAddress.TryParse(caller, out var address) ? address : null;
                }

                await rest(http);
            });
            next(app);
        };
    }
}
