using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mirai.Local.Redis;

namespace Mirai.Api.Tests.Hosting;

/// <summary>The program itself, as a process.</summary>
internal sealed class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private DirectoryInfo folder = null!;

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("mirai-api-");

    [TearDown]
    public void DeleteFolder() => folder.Delete(recursive: true);

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
        using var program = Start((setting, value));

        await AssertEndedWithOneLineAsync(program, named);
    }

    [Test]
    public async Task Start_NamesAll_WhenSeveralSettingsAreWrong()
    {
        using var program = Start(("REDIS_URL", "nope://"), ("ConnectionStrings__Mirai", "Data Source=:memory:"));

        await AssertEndedWithOneLineAsync(program, "REDIS_URL", "ConnectionStrings:Mirai");
    }

    [Test]
    public async Task Start_EndsWithOneLine_WhenPortIsBusy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        using var program = Start(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));

        await AssertEndedWithOneLineAsync(program, $"127.0.0.1:{port}");
    }

    // Serialization by reflection is switched off in the program, and only there.
    [Test]
    public async Task Start_Answers_WhenRedisIsAway()
    {
        var url = $"http://127.0.0.1:{LoopbackPort.FindFree()}";
        using var program = Start(
            ("ASPNETCORE_URLS", url), ("REDIS_URL", $"127.0.0.1:{LoopbackPort.FindFree()}"),
            ("Queue__EnqueueTimeout", "00:00:01"), ("Api__RedisTimeout", "00:00:01"),
            ("ASPNETCORE_ENVIRONMENT", "Development"));
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await UntilAliveAsync(client);

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
        finally
        {
            program.Kill();
            await program.WaitForExitAsync();
        }
    }

    private Process Start(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Mirai.Api.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.FullName,
            Environment = { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{LoopbackPort.FindFree().ToString(CultureInfo.InvariantCulture)}" },
        };
        start.Environment.Remove("REDIS_URL");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task AssertEndedWithOneLineAsync(Process program, params string[] named)
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = program.StandardOutput.ReadToEndAsync(patience.Token);
        var error = (await program.StandardError.ReadToEndAsync(patience.Token)).TrimEnd('\n');
        await program.WaitForExitAsync(patience.Token);

        Assert.That(program.ExitCode, Is.EqualTo(1), error);
        Assert.That(
            error, Does.StartWith("Mirai.Api did not start: ").And.Not.Contain("\n").And.Not.Contain("geheim"));
        Assert.That(named.Where(name => !error.Contains(name, StringComparison.Ordinal)), Is.Empty, error);
        Assert.That(await output, Does.Not.Contain("   at "));
    }

    private static async Task UntilAliveAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                (await client.GetAsync("/health/live", patience.Token)).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token); // not listening yet
            }
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
