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
    public void Parse_DecodesUserAndPassword()
    {
        var options = RedisUrl.Parse("redis://us%3Aer:p%40ss%2Fword@h:1/4");

        Assert.That(
            (options.User, options.Password, options.DefaultDatabase), Is.EqualTo(("us:er", "p@ss/word", (int?)4)));
    }

    [TestCase("redis://:pw@h:1", "pw")]
    [TestCase("redis://user@h:1", null)]
    public void Parse_FindsNoUser_WithoutNameOrPassword(string url, string? password)
    {
        var options = RedisUrl.Parse(url);

        Assert.That((options.User, options.Password), Is.EqualTo(((string?)null, password)));
    }

    [TestCase("redis://a:1,b:2")]
    [TestCase("a:1,b:2")]
    public void Parse_FindsNodesOfACluster(string url) =>
        Assert.That(RedisUrl.Parse(url).EndPoints.Select(Text), Is.EqualTo(new[] { "a:1", "b:2" }));

    [Test]
    public void Parse_TellsUsersOfSentinelsAndOfTheirPrimaryApart()
    {
        var options = RedisUrl.Parse("redis-sentinel://watcher:pw1@a:1?master=m&user=worker&password=p%26w2");

        Assert.That((options.SentinelUser, options.SentinelPassword), Is.EqualTo(("watcher", "pw1")));
        Assert.That((options.User, options.Password), Is.EqualTo(("worker", "p&w2")));
    }

    [Test]
    public void Parse_UsesTls_ForRediss()
    {
        var options = RedisUrl.Parse("rediss://cache.example:6380");

        Assert.That((options.Ssl, options.EndPoints.Select(Text).Single()), Is.EqualTo((true, "cache.example:6380")));
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
            () => RedisUrl.Parse(withPassword), Throws.InstanceOf<FormatException>()
                .With.Message.Not.Contains("s3cret"));
    }

    [Test]
    public void Parse_ReturnsOrThrowsFormatException_ForAnyText() => Gen.String.Sample(text =>
    {
        try
        {
            return RedisUrl.Parse("redis://" + text).EndPoints.Count > 0;
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
