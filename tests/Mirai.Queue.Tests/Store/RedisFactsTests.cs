using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisFactsTests
{
    [TestCase("5.0.14", true)]
    [TestCase("6.0.20", true)]
    [TestCase("6.2.0", false)]
    [TestCase("7.0.15", false)]
    [TestCase("10.0.1", false)]
    [TestCase("unstable", false)]
    public void IsTooOld_GoesByTheVersionInInfo(string version, bool expected)
    {
        var facts = RedisFacts.Parse($"# Server\r\nredis_version:{version}\r\nredis_mode:standalone\r\n");

        Assert.That(facts.IsTooOld, Is.EqualTo(expected));
    }

    [TestCase("noeviction", false)]
    [TestCase("volatile-lru", false)]
    [TestCase("volatile-ttl", false)]
    [TestCase("allkeys-lru", true)]
    [TestCase("allkeys-lfu", true)]
    [TestCase("allkeys-random", true)]
    public void DropsTasks_GoesByThePolicyInInfo(string policy, bool expected)
    {
        var facts = RedisFacts.Parse($"# Memory\r\nmaxmemory:104857600\r\nmaxmemory_policy:{policy}\r\n");

        Assert.That(facts.DropsTasks, Is.EqualTo(expected));
    }

    [TestCase("redis_version:7.0.15\r\nmaxmemory_policy:noeviction", null)]
    [TestCase("redis_version:7.0.15", "Not checked, because Redis does not tell: its maxmemory-policy.")]
    [TestCase("redis_version:unstable\r\nmaxmemory_policy:noeviction",
        "Not checked, because Redis does not tell: its version.")]
    [TestCase("", "Not checked, because Redis does not tell: its version, its maxmemory-policy.")]
    public void NotChecked_SaysWhatInfoLacks(string info, string? expected)
    {
        Assert.That(RedisFacts.Parse(info).NotChecked, Is.EqualTo(expected));
    }
}
