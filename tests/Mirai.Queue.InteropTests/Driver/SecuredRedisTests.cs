using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>A Redis that speaks TLS and whose users may do no more than they need; all of that stands in the
/// URL.</summary>
[RequiresRedisServer]
internal sealed class SecuredRedisTests
{
    private const string Password = "s3cret";

    // What a producer, a worker and an inspector of all queues need, without KEYS, FLUSHALL and the like. Of the
    // channels that are not Asynq's, Redis reports changes on the first, and the second is StackExchange.Redis' own.
    private static readonly string[] Users =
    [
        "--user", "default", "off",
        "--user", "test", "on", $">{Password}", "~*", "&*", "+@all",
        "--user", "mirai", "on", $">{Password}", "~asynq:*", "&asynq:*", "&__redis__:invalidate",
        "&__Booksleeve_MasterChanged", "+@all",
        "-@dangerous", "+info", "+client", "+config|get", "+cluster|nodes",
    ];

    private string folder = null!;
    private RedisServerProcess redis = null!;
    private int tlsPort;

    [SetUp]
    public async Task StartRedisAsync()
    {
        folder = Directory.CreateTempSubdirectory("mirai-tls-").FullName;
        WriteCertificate();
        tlsPort = LoopbackPort.FindFree();
        redis = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!,
            [
                "--tls-port", tlsPort.ToString(CultureInfo.InvariantCulture), "--tls-auth-clients", "no",
                "--tls-cert-file", CertificateFile, "--tls-key-file", KeyFile, "--tls-ca-cert-file", CertificateFile,
                .. Users,
            ]);
    }

    [TearDown]
    public async Task StopRedisAsync()
    {
        await redis.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Tasks_AreEnqueuedHandledAndInspected_OverTlsAsTheUserOfTheUrl()
    {
        var enqueued = await RunAsync(Password, "enqueue", "-type", "t", "-n", "3");
        var worked = await RunAsync(Password, "work", "-queues", "default=1", "-exit-after", "3");

        var inspected = await RunAsync(Password, "inspect");
        var deleted = await RunAsync(Password, "action", "delete-queue", "-force");

        Assert.That((enqueued.ExitCode, enqueued.Errors), Is.EqualTo((0, "")));
        Assert.That(worked.ExitCode, Is.Zero, worked.Errors);
        Assert.That(worked.Lines.Select(line => (string?)line["outcome"]), Is.EqualTo(new[] { "ok", "ok", "ok" }));
        Assert.That(
            (long?)inspected.Line["queue"]!["default"]!["info"]!["processed"], Is.EqualTo(3), inspected.Errors);
        Assert.That(deleted.ExitCode, Is.Zero, deleted.Errors);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            $"{redis.Url},allowAdmin=true,user=test,password={Password}");
        Assert.That(await RedisDump.KeysAsync(connection.GetDatabase()), Is.Empty.Or.All.StartsWith("asynq:servers"));
        var refused = (RedisResult[])(await connection.GetServer(redis.Url).ExecuteAsync("ACL", "LOG"))!;
        Assert.That(refused.Select(entry => string.Join(' ', (string[])entry!)), Is.Empty);
    }

    [Test]
    public async Task Connection_IsRefused_WhenTheCertificateIsNobodysWeTrust()
    {
        await using var driver = DriverProcess.Start("snapshot", "-uri", Uri(Password));
        var result = await driver.WaitAsync();

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("certificate").IgnoreCase);
    }

    [Test]
    public async Task Connection_IsRefused_WhenThePasswordIsWrong()
    {
        var result = await RunAsync("wrong-one", "enqueue", "-type", "t");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("password provided").And.Not.Contain("wrong-one"));
    }

    private string CertificateFile => Path.Combine(folder, "redis.crt");

    private string KeyFile => Path.Combine(folder, "redis.key");

    private string Uri(string password) =>
        string.Create(CultureInfo.InvariantCulture, $"rediss://mirai:{password}@127.0.0.1:{tlsPort}/0");

    // On Linux .NET trusts what OpenSSL trusts.
    private async Task<DriverResult> RunAsync(string password, params string[] args)
    {
        await using var driver = DriverProcess.Start(
            [new("SSL_CERT_FILE", CertificateFile)], [.. args, "-uri", Uri(password)]);
        return await driver.WaitAsync();
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=redis", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + TimeSpan.FromDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
