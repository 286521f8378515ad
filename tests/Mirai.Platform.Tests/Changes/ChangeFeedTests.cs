using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Changes;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Changes;

[TestFixture(DatabaseKind.Sqlite)]
internal sealed class ChangeFeedTests(DatabaseKind kind) : PlatformTest(kind)
{
    private static readonly Change News = new(
        Change.Course, Guid.Parse("0198c0de-0000-7000-8000-00000000000a"), "draft", 5);

    [Test]
    public async Task Publish_IsHeardInAnotherProcess()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var changes = await Feed(Platform()).SubscribeAsync(patience.Token);

        await Feed(Platform()).PublishAsync(News);

        await foreach (var change in changes)
        {
            Assert.That(change, Is.EqualTo(News));
            break;
        }
    }

    [Test]
    public async Task Publish_IsSilent_WhenRedisIsAway() =>
        await Assert.ThatAsync(() => Feed(Platform(("REDIS_URL", "localhost:1"))).PublishAsync(News), Throws.Nothing);

    [Test]
    public async Task Subscribe_SkipsWhatIsNoChange()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var feed = Feed(Platform());
        var changes = await feed.SubscribeAsync(patience.Token);

        await TestRedis.Connection.GetSubscriber().PublishAsync(
            StackExchange.Redis.RedisChannel.Literal("mirai:changes"), "nonsense");
        await feed.PublishAsync(News);

        await foreach (var change in changes)
        {
            Assert.That(change, Is.EqualTo(News));
            break;
        }
    }

    private static ChangeFeed Feed(IServiceProvider platform) => platform.GetRequiredService<ChangeFeed>();
}
