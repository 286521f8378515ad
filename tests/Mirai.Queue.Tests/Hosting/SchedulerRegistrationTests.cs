using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue.Hosting;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Tests.Client;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Hosting;

/// <summary>Schedulers as applications register them, on real time.</summary>
internal sealed class SchedulerRegistrationTests : RedisTest
{
    [Test]
    public async Task AddPeriodicTask_EnqueuesThePayload_WithTheTypesOptions()
    {
        using var host = Create(queue => queue.AddJsonContext(TestJsonContext.Default)
            .AddPeriodicTask("@every 1s", new Welcome(42, "x"), task => task with { Overlap = OverlapPolicy.Skip }));
        await host.StartAsync();

        var client = host.Services.GetRequiredService<IQueueClient>();
        var expected = client.CreateTask(new Welcome(42, "x"));
        var entry = host.Services.GetRequiredService<IQueueScheduler>().Entries.Single();
        Assert.That(entry.Task.Overlap, Is.EqualTo(OverlapPolicy.Skip));
        Assert.That(entry.Task.Task.Payload!.Value.ToArray(), Is.EqualTo(expected.Payload!.Value.ToArray()));
        var queue = expected.Options.Queue ?? EnqueueOptions.DefaultQueue;
        await WaitAsync(() => Redis.KeyExistsAsync($"asynq:{{{queue}}}:pending"));

        await host.StopAsync();
    }

    [Test]
    public async Task AddPeriodicTasks_ReadsConfiguration_AndReadsItAgain()
    {
        var configuration = Configuration(
            ("Queue:Periodic:reconcile:Spec", "*/15 * * * *"),
            ("Queue:Periodic:reconcile:Type", "stripe:reconcile"),
            ("Queue:Periodic:reconcile:Payload", "{\"a\":1}"),
            ("Queue:Periodic:reconcile:TimeZone", "Europe/Berlin"),
            ("Queue:Periodic:reconcile:Missed", "Once"),
            ("Queue:Periodic:reconcile:Overlap", "Skip"),
            ("Queue:Periodic:reconcile:Queue", "critical"),
            ("Queue:Periodic:reconcile:MaxRetry", "3"),
            ("Queue:Periodic:reconcile:Timeout", "00:05:00"),
            ("Queue:Scheduler:SyncInterval", "00:00:01"));
        using var host = Create(queue => queue.AddScheduler(configuration.GetSection("Queue:Scheduler"))
            .AddPeriodicTasks(configuration.GetSection("Queue:Periodic")));
        await host.StartAsync();
        var scheduler = host.Services.GetRequiredService<IQueueScheduler>();

        var task = scheduler.Entries.Single().Task;
        Assert.That((task.Name, task.Spec, task.TimeZone), Is.EqualTo(("reconcile", "*/15 * * * *", "Europe/Berlin")));
        Assert.That((task.Missed, task.Overlap), Is.EqualTo((MissedTickPolicy.Once, OverlapPolicy.Skip)));
        Assert.That(task.Task.Type, Is.EqualTo("stripe:reconcile"));
        Assert.That(Encoding.UTF8.GetString(task.Task.Payload!.Value.Span), Is.EqualTo("{\"a\":1}"));
        Assert.That(task.Options, Is.EqualTo(new EnqueueOptions
        {
            Queue = "critical", MaxRetry = 3, Timeout = TimeSpan.FromMinutes(5),
        }));

        configuration["Queue:Periodic:cleanup:Spec"] = "@hourly";
        configuration["Queue:Periodic:cleanup:Type"] = "cleanup:expired";
        await WaitAsync(() => Task.FromResult(scheduler.Entries.Count == 2));
        await host.StopAsync();
    }

    [TestCase("Spec", "61 * * * *", "'reconcile'.*minute '61'")]
    [TestCase("Spec", "", "'reconcile' has no Spec")]
    [TestCase("Type", "", "'reconcile' has no Type")]
    [TestCase("TimeZone", "Mars/Olympus", "'reconcile'.*Mars/Olympus")]
    [TestCase("Missed", "Sometimes", "'reconcile'.*Periodic:reconcile:Missed")]
    [TestCase("UniqueFor", "00:00:00.1", "'reconcile'.*UniqueFor")]
    [TestCase("Overlaps", "Skip", "'reconcile'.*Overlaps")]
    [TestCase("daily:Spec", "@daily", "'reconcile'.*daily")]
    public async Task Start_StopsTheProgram_WhenConfigurationIsNotValid(string key, string value, string message)
    {
        var configuration = Configuration(
            ("Periodic:reconcile:Spec", "*/15 * * * *"),
            ("Periodic:reconcile:Type", "t"),
            ($"Periodic:reconcile:{key}", value));
        using var host = Create(queue => queue.AddPeriodicTasks(configuration.GetSection("Periodic")));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.That(error!.ToString(), Does.Match(message));
    }

    [TestCase("TimeZone", "Mars/Olympus")]
    [TestCase("HeartbeatInterval", "00:00:00.5")]
    [TestCase("SyncInterval", "2.00:00:00")]
    public async Task Start_StopsTheProgram_WhenSettingsAreNotValid(string key, string value)
    {
        using var host = Create(queue => queue.AddScheduler(Configuration((key, value))));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(error!.Message, Does.Contain(key));
    }

    [Test]
    public async Task Start_StopsTheProgram_WhenATaskHasTwoTimeZones()
    {
        var task = new PeriodicTask("CRON_TZ=UTC @daily", new QueueTask("t")) { TimeZone = "Europe/Berlin" };
        using var host = Create(queue => queue.AddPeriodicTask(task));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.That(error!.Message, Does.Contain("'t'").And.Contain("two time zones"));
    }

    [Test]
    public async Task AddPeriodicTaskProvider_IsAsked()
    {
        using var host = Create(queue => queue.AddPeriodicTaskProvider<DailyTask>().AddScheduler().AddScheduler());
        await host.StartAsync();

        Assert.That(
            host.Services.GetRequiredService<IQueueScheduler>().Entries.Select(entry => entry.Task.Spec),
            Is.EqualTo(new[] { "@daily" }));
        Assert.That(host.Services.GetServices<IHostedService>().OfType<QueueScheduler>().Count(), Is.EqualTo(1));
        await host.StopAsync();
    }

    private static IHost Create(Action<MiraiQueueBuilder> build)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        IConnectionMultiplexer redis = TestRedis.Connection;
        build(builder.Services.AddMiraiQueue(_ => { }).UseConnection(_ => Task.FromResult(redis)));

        return builder.Build();
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
                .GroupBy(setting => setting.Key).Select(group => group.Last()))
            .Build();

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var look = 0; !await condition(); look++)
        {
            Assert.That(look, Is.LessThan(1_000), "it never came true");
            await pause.WaitForNextTickAsync();
        }
    }

    private sealed class DailyTask : IPeriodicTaskProvider
    {
        public ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken) =>
            new([new PeriodicTask("@daily", new QueueTask("t"))]);
    }
}
