using CsCheck;

namespace Mirai.Redis.Tests;

internal sealed class RedisAddressTests
{
    [TestCase("localhost:6379", "localhost:6379")]
    [TestCase("redis", "redis:6379")]
    [TestCase("redis://h", "h:6379")]
    [TestCase("REDIS://h:1/2/3", "h:1")]
    [TestCase("redis://[::1]:7000/3", "[::1]:7000")]
    [TestCase("[::1]", "[::1]:6379")]
    public void Parse_FindsServer(string url, string expected) =>
        Assert.That(RedisAddress.Parse(url).EndPoints.Select(Text), Is.EqualTo(new[] { expected }));

    [Test]
    public void Parse_DecodesUserAndPassword()
    {
        var options = RedisAddress.Parse("redis://us%3Aer:p%40ss%2Fword@h:1/4");

        Assert.That(
            (options.User, options.Password, options.DefaultDatabase), Is.EqualTo(("us:er", "p@ss/word", (int?)4)));
    }

    [TestCase("redis://h?db=4", 4)]
    [TestCase("redis://h/?db=4", null)]
    [TestCase("redis://h/4?db=4", 4)]
    [TestCase("rediss://h/5", 5)]
    [TestCase("redis-sentinel://h?master=m&db=4", 4)]
    [TestCase("redis-socket:///run/r.sock?db=4", 4)]
    public void Parse_FindsTheDatabase(string url, int? expected)
    {
        if (expected is null)
        {
            Assert.That(() => RedisAddress.Parse(url), Throws.TypeOf<FormatException>());
            return;
        }

        Assert.That(RedisAddress.Parse(url).DefaultDatabase, Is.EqualTo(expected));
    }

    [TestCase("redis://h/3?db=4", "database 3 and the query parameter 'db' names 4")]
    [TestCase("redis://h?db=four", "'db' must be a number")]
    [TestCase("redis://h?DB=4", "'DB' is not known")]
    [TestCase("rediss://h?timeout=5s", "'timeout' is not known. Known are: db")]
    [TestCase("redis-socket:///run/r.sock?user=u", "'user' is not known")]
    [TestCase("redis-sentinel://h?master=m&tls=1", "'tls' is not known. Known are: master, user, password, db")]
    public void Parse_NamesTheQueryParameter_WhenItCannotBeUsed(string url, string text) => Assert.That(
        () => RedisAddress.Parse(url), Throws.TypeOf<FormatException>().With.Message.Contains(text));

    [TestCase("redis://:pw@h:1", "pw")]
    [TestCase("redis://user@h:1", null)]
    public void Parse_FindsNoUser_WithoutNameOrPassword(string url, string? password)
    {
        var options = RedisAddress.Parse(url);

        Assert.That((options.User, options.Password), Is.EqualTo(((string?)null, password)));
    }

    [TestCase("redis://a:1,b:2")]
    [TestCase("a:1,b:2")]
    public void Parse_FindsNodesOfACluster(string url) =>
        Assert.That(RedisAddress.Parse(url).EndPoints.Select(Text), Is.EqualTo(new[] { "a:1", "b:2" }));

    [Test]
    public void Parse_TellsUsersOfSentinelsAndOfTheirPrimaryApart()
    {
        var options = RedisAddress.Parse("redis-sentinel://watcher:pw1@a:1?master=m&user=worker&password=p%26w2");

        Assert.That((options.SentinelUser, options.SentinelPassword), Is.EqualTo(("watcher", "pw1")));
        Assert.That((options.User, options.Password), Is.EqualTo(("worker", "p&w2")));
    }

    [Test]
    public void Parse_UsesTls_ForRediss()
    {
        var options = RedisAddress.Parse("rediss://cache.example:6380");

        Assert.That((options.Ssl, options.EndPoints.Select(Text).Single()), Is.EqualTo((true, "cache.example:6380")));
    }

    [Test]
    public void Parse_FindsSentinelsAndTheirPrimary()
    {
        var options = RedisAddress.Parse("redis-sentinel://:pw@a:1,b/2?master=mymaster");

        Assert.That(options.EndPoints.Select(Text), Is.EqualTo(new[] { "a:1", "b:26379" }));
        Assert.That(
            (options.ServiceName, options.SentinelPassword, options.Password, options.DefaultDatabase),
            Is.EqualTo(("mymaster", "pw", (string?)null, (int?)2)));
    }

    [Test]
    public void Parse_FindsSocket()
    {
        var options = RedisAddress.Parse("redis-socket://:pw@/run/redis.sock?db=7");

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

        Assert.That(() => RedisAddress.Parse(url), Throws.InstanceOf<FormatException>());
        Assert.That(
            () => RedisAddress.Parse(withPassword), Throws.InstanceOf<FormatException>()
                .With.Message.Not.Contains("s3cret"));
    }

    [Test]
    public void Parse_ReturnsOrThrowsFormatException_ForAnyText() => Gen.String.Sample(text =>
    {
        try
        {
            return RedisAddress.Parse("redis://" + text).EndPoints.Count > 0;
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
