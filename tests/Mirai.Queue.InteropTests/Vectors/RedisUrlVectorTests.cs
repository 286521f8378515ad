using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Addresses of Redis.</summary>
[GoldenFile(Path)]
internal sealed class RedisUrlVectorTests
{
    private const string Path = "v0.26.0/redis_uris.json";

    // What Go refuses and Mirai reads: REDIS_URL often holds nothing else.
    private const string Bare = "localhost:6379";

    // Go ignores the user; Mirai logs in as that one (ACL).
    private const string WithUser = "redis://user:pw@h:1";

    [TestCaseSource(nameof(Vectors), new object[] { "client" })]
    public void Parse_ReadsASingleServerAsGo(string url, JsonObject client)
    {
        var options = RedisUrl.Parse(url);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Show(options.EndPoints.Single()), Is.EqualTo(WithPort((string)client["addr"]!)));
            Assert.That(options.DefaultDatabase, Is.EqualTo((int)client["db"]!));
            Assert.That(options.Password ?? "", Is.EqualTo((string)client["password"]!));
            Assert.That(options.User ?? "", Is.EqualTo(url == WithUser ? "user" : (string)client["username"]!));
            Assert.That(options.Ssl, Is.EqualTo((bool)client["tls"]!));
            Assert.That(TlsServerName(options), Is.EqualTo((string?)client["tls_server_name"]));
            Assert.That(
                options.EndPoints.Single() is UnixDomainSocketEndPoint,
                Is.EqualTo((string)client["network"]! == "unix"));
        }
    }

    [TestCaseSource(nameof(Vectors), new object[] { "failover" })]
    public void Parse_ReadsSentinelsAsGo(string url, JsonObject failover)
    {
        var options = RedisUrl.Parse(url);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                options.EndPoints.Select(Show),
                Is.EqualTo(failover["sentinels"]!.AsArray().Select(host => (string)host!)));
            Assert.That(options.ServiceName, Is.EqualTo((string)failover["master"]!));
            Assert.That(options.DefaultDatabase, Is.EqualTo((int)failover["db"]!));
            Assert.That(options.Password ?? "", Is.EqualTo((string)failover["password"]!));
            Assert.That(options.SentinelPassword ?? "", Is.EqualTo((string)failover["sentinel_password"]!));
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void Parse_RefusesWhatGoRefuses(string url) =>
        Assert.That(() => RedisUrl.Parse(url), Throws.InstanceOf<FormatException>());

    [Test]
    public void Parse_ReadsBareHostAndPort_WhichGoRefuses()
    {
        Assert.That(AllVectors().Single(vector => (string)vector["uri"]! == Bare).ContainsKey("error"), Is.True);

        Assert.That(Show(RedisUrl.Parse(Bare).EndPoints.Single()), Is.EqualTo(Bare));
    }

    private static IEnumerable<TestCaseData> Vectors(string kind) =>
        from vector in AllVectors()
        where vector.ContainsKey(kind)
        select new TestCaseData((string)vector["uri"]!, vector[kind]!.AsObject())
            .SetArgDisplayNames((string)vector["uri"]!);

    private static IEnumerable<TestCaseData> Refused() =>
        from vector in AllVectors()
        where vector.ContainsKey("error") && (string)vector["uri"]! != Bare
        select new TestCaseData((string)vector["uri"]!);

    private static IEnumerable<JsonObject> AllVectors() =>
        GoldenFiles.Read(Path)["vectors"]!.AsArray().Select(vector => vector!.AsObject());

    // Without a name of its own StackExchange.Redis expects the certificate to be that of the host it connects to.
    private static string? TlsServerName(ConfigurationOptions options) =>
        options.Ssl ? options.SslHost ?? ((DnsEndPoint)options.EndPoints.Single()).Host : null;

    // Go leaves a missing port to the dialer, which fails; Mirai takes the usual one.
    private static string WithPort(string address) =>
        address.Contains(':', StringComparison.Ordinal) || address.StartsWith('/') ? address : $"{address}:6379";

    private static string Show(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => endPoint.ToString()!,
    };
}
