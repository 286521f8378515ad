using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mirai.Local.Redis;

namespace Mirai.Api.Tests.Hosting;

/// <summary>How the program starts, and how it does not.</summary>
internal sealed class ProgramTests
{
    [TestCase("REDIS_URL", "http://user:geheim@localhost", "REDIS_URL")]
    [TestCase("Api__MaxPayloadBytes", "0", "MaxPayloadBytes")]
    [TestCase("Api__MaxPayloadBytes", "much", "Api:MaxPayloadBytes")]
    [TestCase("Api__RedisTimeout", "10:00:00", "RedisTimeout")]
    [TestCase("Queue__EnqueueTimeout", "soon", "Queue:EnqueueTimeout")]
    [TestCase("Documents__MaxBytes", "-1", "MaxBytes")]
    [TestCase("DATABASE_URL", "postgres://ann:geheim@db/mirai?nonsense=1", "DATABASE_URL")]
    [TestCase("Stripe__ApiBase", "stripe", "ApiBase")]
    [TestCase("Stripe__SignatureTolerance", "1.00:00:00", "SignatureTolerance")]
    [TestCase("Registrations__Lifetime", "00:00:01", "Lifetime")]
    [TestCase("Outbox__PollInterval", "00:00:00", "PollInterval")]
    [TestCase("ASPNETCORE_URLS", "nonsense", "nonsense")]
    [TestCase("ASPNETCORE_URLS", "http://127.0.0.1:80000", "port")]
    [TestCase("ConnectionStrings__Mirai", "Data Source=/dev/null/mirai.db", "ConnectionStrings:Mirai")]
    public async Task Start_EndsWithOneLine_WhenASettingIsWrong(string setting, string value, string named)
    {
        await using var program = ApiProgram.Start((setting, value));

        await AssertEndedWithOneLineAsync(program, named);
    }

    [Test]
    public async Task Start_NamesAll_WhenSeveralSettingsAreWrong()
    {
        await using var program = ApiProgram.Start(
            ("REDIS_URL", "nope://"), ("ConnectionStrings__Mirai", "Data Source=:memory:"));

        await AssertEndedWithOneLineAsync(program, "REDIS_URL", "ConnectionStrings:Mirai");
    }

    [Test]
    public async Task Start_EndsWithOneLine_WhenPortIsBusy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var program = ApiProgram.Start(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));

        await AssertEndedWithOneLineAsync(program, $"127.0.0.1:{port}");
    }

    // DOTNET_ENVIRONMENT wins: whoever set the other one would believe that Production runs.
    [TestCase("ASPNETCORE_ENVIRONMENT", "Production", "DOTNET_ENVIRONMENT", "Development")]
    [TestCase("ASPNETCORE_ENVIRONMENT", "staging", "DOTNET_ENVIRONMENT", "development")]
    public async Task Start_EndsWithOneLine_WhenDevelopmentAndAnotherEnvironmentAreNamed(
        string one, string name, string other, string otherName)
    {
        await using var program = ApiProgram.Start((one, name), (other, otherName));

        await AssertEndedWithOneLineAsync(program, one, other);
    }

    [Test]
    public async Task Start_Answers_WhenRedisIsAway()
    {
        await using var program = ApiProgram.Start(
            ("REDIS_URL", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{LoopbackPort.FindFree()}")),
            ("Queue__EnqueueTimeout", "00:00:01"), ("Api__RedisTimeout", "00:00:01"),
            ("ASPNETCORE_ENVIRONMENT", "Development"));
        using var client = await program.ConnectAsync();

        var answers = new List<HttpStatusCode>
        {
            (await client.PostAsync("/api/tasks", Json("""{"type":"x"}"""))).StatusCode,
            (await client.PostAsync("/api/tasks", Json("""{"type":"x","retry":3}"""))).StatusCode,
            (await client.GetAsync("/api/queues")).StatusCode,
            (await client.GetAsync("/api/documents/nope")).StatusCode,
            (await client.GetAsync("/api/nothing")).StatusCode,
        };

        Assert.That(answers.Select(status => (int)status), Is.EqualTo(new[] { 503, 400, 503, 404, 404 }));
    }

    private static async Task AssertEndedWithOneLineAsync(ApiProgram program, params string[] named)
    {
        var (exitCode, error) = await program.WaitForEndAsync();

        Assert.That(exitCode, Is.EqualTo(1), error);
        Assert.That(
            error, Does.StartWith("Mirai.Api did not start: ").And.Not.Contain("\n").And.Not.Contain("geheim"));
        Assert.That(named.Where(name => !error.Contains(name, StringComparison.Ordinal)), Is.Empty, error);
        Assert.That(program.Output, Does.Not.Contain("   at "));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
