using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Hosting;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Hosting;

internal sealed class RegistrationCheckTests : RedisTest
{
    [Test]
    public async Task Start_WarnsOnce_WhenThereAreHandlersButNoServer() => Assert.That(
        await WarningsAsync(queue => queue.AddHandler("a", NothingAsync).AddHandler("b", NothingAsync)),
        Has.One.Contains("AddMiraiQueue has handlers or an aggregator but no server"));

    [Test]
    public async Task Start_WarnsOnce_WhenThereIsAnAggregatorButNoServer() => Assert.That(
        await WarningsAsync(queue => queue.AddAggregator((_, tasks) => new QueueTask("digest"))),
        Has.One.Contains("AddMiraiQueue has handlers or an aggregator but no server"));

    [Test]
    public async Task Start_WarnsOnce_WhenThereIsAServerButNoHandler() => Assert.That(
        await WarningsAsync(queue => queue.AddServer().AddServer()),
        Has.One.Contains("AddMiraiQueue has a server but no handlers"));

    [Test]
    public async Task Start_NamesTheQueue_WhenItHasAName() => Assert.That(
        await WarningsAsync(queue => queue.Services.AddMiraiQueue("orders", options => options.RedisUrl = RedisUrl)
            .AddHandler("a", NothingAsync)),
        Has.One.Contains("orders has handlers or an aggregator but no server"));

    [Test]
    public async Task Start_WarnsOfNothing_WhenThereIsBothOrNeither()
    {
        Assert.That(await WarningsAsync(_ => { }), Is.Empty);
        Assert.That(await WarningsAsync(queue => queue.AddServer().AddHandler("a", NothingAsync)), Is.Empty);
    }

    private static async Task<string[]> WarningsAsync(Action<MiraiQueueBuilder> build)
    {
        using var log = new TestLog();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        build(builder.Services.AddMiraiQueue(options => options.RedisUrl = RedisUrl));
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        return [.. log.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)
            && line.Contains(" has ", StringComparison.Ordinal))];
    }

    private static Task NothingAsync(TaskContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
