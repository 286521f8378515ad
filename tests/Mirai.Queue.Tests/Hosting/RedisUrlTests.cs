using Mirai.Queue.Hosting;
using CsCheck;

namespace Mirai.Queue.Tests.Hosting;

internal sealed class RedisUrlTests
{
    [TestCase("localhost:6379", "localhost:6379")]
    [TestCase("redis", "redis:6379")]
    [TestCase("redis://h", "h:6379")]
    [TestCase("REDIS://h:1/2/3", "h:1")]
    [TestCase("redis://[::1]:7000/3", "[::1]:7000")]
    [TestCase("[::1]", "[::1]:6379")]
    public void Parse_FindsServer(string url, string expected) =>
        Assert.That(RedisUrl.Parse(url).EndPoints.Select(Text), Is.EqualTo(new[] { expected }));

    [Test]
    public void Parse_DecodesPassword_AndIgnoresTheUser()
    {
        var options = RedisUrl.Parse("redis://user:p%40ss%2Fword@h:1/4");

        Assert.That((options.User, options.Password, options.DefaultDatabase), Is.EqualTo(((string?)null, "p@ss/word", (int?)4)));
    }

    [Test]
    public void Parse_UsesTls_ForRediss()
    {
        var options = RedisUrl.Parse("rediss://cache.example:6380");

        Assert.That((options.Ssl, options.SslHost), Is.EqualTo((true, "cache.example")));
    }

    [Test]
    public void Parse_FindsSentinelsAndTheirPrimary()
    {
        var options = RedisUrl.Parse("redis-sentinel://:pw@a:1,b/2?master=mymaster");

        Assert.That(options.EndPoints.Select(Text), Is.EqualTo(new[] { "a:1", "b:26379" }));
        Assert.That(
            (options.ServiceName, options.SentinelPassword, options.Password, options.DefaultDatabase),
            Is.EqualTo(("mymaster", "pw", (string?)null, (int?)2)));
    }

    [Test]
    public void Parse_FindsSocket()
    {
        var options = RedisUrl.Parse("redis-socket://:pw@/run/redis.sock?db=7");

        Assert.That(options.EndPoints.Single().ToString(), Is.EqualTo("/run/redis.sock"));
        Assert.That((options.Password, options.DefaultDatabase), Is.EqualTo(("pw", (int?)7)));
    }

    [TestCase("redis://h:1/")]
    [TestCase("redis://h:1/x")]
    [TestCase("redis://h:1/1,2")]
    [TestCase("redis://h:notaport")]
    [TestCase("redis://h:70000")]
    [TestCase("redis://")]
    [TestCase("")]
    [TestCase("redis-socket://")]
    [TestCase("redis-socket:///s?db=x")]
    [TestCase("redis-sentinel://a:1")]
    [TestCase("http://h")]
    public void Parse_SaysWhatIsWrong_AndNotThePassword(string url)
    {
        var withPassword = url.Replace("://", "://:s3cret@", StringComparison.Ordinal);

        Assert.That(() => RedisUrl.Parse(url), Throws.InstanceOf<FormatException>());
        Assert.That(
            () => RedisUrl.Parse(withPassword), Throws.InstanceOf<FormatException>().With.Message.Not.Contains("s3cret"));
    }

    [Test]
    public void Parse_ReturnsOrThrowsFormatException_ForAnyText() => Gen.String.Sample(text =>
    {
        try
        {
            return RedisUrl.Parse("redis://" + text).EndPoints.Count == 1;
        }
        catch (FormatException)
        {
            return true;
        }
    });

    private static string Text(System.Net.EndPoint endPoint) => endPoint switch
    {
        System.Net.DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => endPoint.ToString()!,
    };
}
