namespace Mirai.Testing.Tests;

internal sealed class TestRedisTests : RedisTest
{
    private string first = "";

    [OneTimeSetUp]
    public void ReadAddress() => first = TestRedis.Url;

    [Test]
    public void Redis_IsThatOfTheOneTimeSetUp_InEveryTest() => Assert.That(TestRedis.Url, Is.EqualTo(first));

    [Test]
    public void Redis_IsRefused_OnAThreadThatBelongsToNoTest()
    {
        Func<string> read = () => TestRedis.Url;

        var refusal = Assert.Throws<InvalidOperationException>(() =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                Task.Run(read).GetAwaiter().GetResult();
            }
        });

        Assert.That(refusal!.Message, Does.Contain("does not belong to a test"));
    }

    [Test]
    public async Task Redis_IsEmpty_AfterEmptying()
    {
        await Redis.StringSetAsync("a", "1");

        await TestRedis.EmptyAsync();

        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
        Assert.That(await Redis.StringGetAsync("a"), Is.EqualTo(StackExchange.Redis.RedisValue.Null));
    }
}
