using CsCheck;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Cache.Tests;

internal sealed class CachePatternTests
{
    [TestCase("")]
    [TestCase("*")]
    [TestCase("**")]
    [TestCase("?*")]
    [TestCase("*:*")]
    [TestCase("[a-z]*")]
    [TestCase("[^x]*")]
    [TestCase("\\**")]
    [TestCase(" ")]
    [TestCase("a\nb")]
    public void Of_Refuses_WhatMatchesNearlyEverything(string glob) =>
        Assert.That(() => CachePattern.Of(glob), Throws.ArgumentException.With.Property("ParamName").EqualTo("glob"));

    [TestCase("asynq:{mail}:pending")]
    [TestCase("lock:course:1")]
    [TestCase("mirai:tag:x")]
    public void Everything_LeavesOthersAlone(string key) =>
        Assert.That(CachePattern.Everything.Matches(key), Is.False);

    [Test]
    public void StartingWith_GivesNothingAMeaning()
    {
        var pattern = CachePattern.StartingWith("a*[b]?\\");

        Assert.That(pattern.Text, Is.EqualTo(@"a\*\[b\]\?\\*"));
        Assert.That((pattern.Matches(@"a*[b]?\c"), pattern.Matches("axb?c")), Is.EqualTo((true, false)));
        Assert.That(() => CachePattern.StartingWith(""), Throws.ArgumentException);
    }

    // The first level must drop exactly the keys that the server deletes.
    [Test]
    [RequiresRedisServer]
    public async Task Matches_SaysWhatRedisSays()
    {
        await using var redis = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Url);
        var database = connection.GetDatabase();
        string[] names = ["c", "co", "co:1", "co:12", "co:a", "co:ab", "cob", "d:1", "co:*", "co:[", "co:\\", "co:-", "aa:b:c", "co:^"];
        foreach (var name in names)
        {
            await database.StringSetAsync(name, "x");
        }

        string[] letters =
            ["c", "o", ":", "1", "a", "b", "*", "?", "[", "]", "^", "-", "\\", "a-b", "[a-b]", "[^1]", "**"];
        await Gen.Int[0, letters.Length - 1].Select(i => letters[i]).Array[1, 8].Select(string.Concat).SampleAsync(
            async glob =>
            {
                var reply = await database.ExecuteAsync("SCAN", "0", "MATCH", glob, "COUNT", "1000");
                var found = ((RedisKey[])reply[1]!).Select(key => key.ToString());

                Assert.That(names.Where(CachePattern.Unchecked(glob).Matches), Is.EquivalentTo(found), glob);
            },
            iter: 2_000, threads: 1);
    }
}
