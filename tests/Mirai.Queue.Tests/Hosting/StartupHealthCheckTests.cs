using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Local.Redis;
using Mirai.Queue.Store;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Hosting;

[RequiresRedisServer]
internal sealed class StartupHealthCheckTests
{
    private ServiceProvider? services;

    [TearDown]
    public async Task DisconnectAsync() => await (services?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Check_LoadsTheScripts_WhenRedisIsFit()
    {
        await using var redis = await StartAsync();

        var entry = await CheckAsync(redis.Url);

        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Healthy, (string?)null)));
        Assert.That(await KnownScriptsAsync(redis), Is.EqualTo(LuaScripts.All.Count));
    }

    [Test]
    public async Task Check_Warns_WhenRedisMayDropTasks()
    {
        await using var redis = await StartAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");

        var entry = await CheckAsync(redis.Url);

        Assert.That((entry.Status, entry.Description), Is.EqualTo(
            (HealthStatus.Degraded, "Redis may drop waiting tasks: its maxmemory-policy is allkeys-lru.")));
    }

    [Test]
    public async Task Check_SaysWhatItCouldNotSee_WhenTheUserMayNotAsk()
    {
        await using var redis = await StartAsync(
            "--user", "worker", "on", ">secret", "~*", "&*", "+@all", "-info", "-config", "-script");
        var url = $"redis://worker:secret@{redis.Url}";

        var entry = await CheckAsync(url);

        Assert.That((entry.Status, entry.Description), Is.EqualTo((
            HealthStatus.Healthy,
            "Not checked, because Redis does not tell: its version, its maxmemory-policy. "
            + "The Redis user may not run SCRIPT LOAD. Mirai loads each script with its first call.")));
        var task = await services!.GetRequiredService<IQueueClient>().EnqueueAsync(new QueueTask("mail:send"));
        Assert.That(task.State, Is.EqualTo(TaskState.Pending), "that user can work all the same");
    }

    [Test]
    public async Task Check_FailsUntilRedisIsThere_AndNeverAgain()
    {
        await using var redis = await StartAsync();
        await redis.StopAsync();

        var away = await CheckAsync(redis.Url);
        await redis.StartAgainAsync();
        await RedisWait.UntilAsync(
            async () => (await CheckAgainAsync())
                .Status == HealthStatus.Healthy, TimeSpan.FromSeconds(30), "it is fit");
        await redis.StopAsync();
        var awayAgain = await CheckAgainAsync();

        Assert.That((away.Status, away.Description), Is.EqualTo((HealthStatus.Unhealthy, "Redis does not answer.")));
        Assert.That(awayAgain.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    private static Task<RedisServerProcess> StartAsync(params string[] settings) =>
        RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!, settings);

    private static async Task<int> KnownScriptsAsync(RedisServerProcess redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Url},allowAdmin=true");
        var known = await Task.WhenAll(
            LuaScripts.All.Select(script => connection.GetServers()[0].ScriptExistsAsync(script.Text)));

        return known.Count(isKnown => isKnown);
    }

    private Task<HealthReportEntry> CheckAsync(string url)
    {
        var collection = new ServiceCollection();
        collection.AddMiraiQueue(options => options.RedisUrl = url);
        collection.AddHealthChecks().AddMiraiQueueStartup();
        services = collection.BuildServiceProvider();

        return CheckAgainAsync();
    }

    private async Task<HealthReportEntry> CheckAgainAsync() =>
        (await services!.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["queue-startup"];
}
