using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Local.Redis;
using Mirai.Platform.Documents;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Worker.Tests;

internal sealed class WorkerServicesTests : WorkerTest
{
    [Test]
    public void Settings_ComeFromAppsettings()
    {
        var options = Options<QueueServerOptions>(Worker());

        Assert.That(options.Concurrency, Is.EqualTo(10));
        Assert.That(options.Queues, Is.EquivalentTo(
            new Dictionary<string, int> { ["critical"] = 6, ["default"] = 3, ["low"] = 1 }));
    }

    [Test]
    public void Settings_AreOverridden_OneByOne()
    {
        var options = Options<QueueServerOptions>(Worker(
            "--Queue:Server:Concurrency=3", "--Queue:Server:Queues:low=0", "--Queue:Server:Queues:bulk=2"));

        Assert.That(options.Concurrency, Is.EqualTo(3));
        Assert.That(options.Queues, Is.EquivalentTo(
            new Dictionary<string, int> { ["critical"] = 6, ["default"] = 3, ["low"] = 0, ["bulk"] = 2 }));
    }

    [TestCase("00:00:08", ExpectedResult = "00:00:30", TestName = "{m}(the host's own is longer)")]
    [TestCase("00:01:00", ExpectedResult = "00:01:11", TestName = "{m}(the server's is longer)")]
    public string Host_WaitsLongerThanTheServer(string serverTimeout) =>
        Options<HostOptions>(Worker($"--Queue:Server:ShutdownTimeout={serverTimeout}")).ShutdownTimeout.ToString();

    [Test]
    public async Task Worker_ShowsWhatItServes()
    {
        await Worker().StartAsync();

        await WaitUntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:servers") == 1);
        var key = (string)(await Redis.SortedSetRangeByRankAsync("asynq:servers"))[0]!;
        var server = Encoding.Latin1.GetString((byte[])(await Redis.StringGetAsync(key))!);

        Assert.That(server, Does.Contain("critical").And.Contain("default").And.Contain("low"));
    }

    [Test]
    [RequiresRedisServer]
    public async Task Worker_StartsWithoutRedis_AndGoesOnWhenItAppears()
    {
        await using var redis = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        await redis.StopAsync();
        var worker = Worker($"--REDIS_URL={redis.Url}");
        await worker.StartAsync().WaitAsync(Patience);
        var server = worker.Services.GetRequiredService<IQueueServer>();
        await WaitUntilAsync(() => Task.FromResult(server.RedisAwaySince is not null));

        await redis.StartAgainAsync();
        var producer = await ProducerAsync(redis.Url);
        var id = (await Documents(producer).CreateAsync(Note)).Id;

        Assert.That((await FinishedAsync(producer, id)).State, Is.EqualTo(DocumentState.Ready));
    }

    private static TOptions Options<TOptions>(IHost worker)
        where TOptions : class => worker.Services.GetRequiredService<IOptions<TOptions>>().Value;
}
