using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server;

/// <summary>What an idle worker costs Redis, by Redis' own count.</summary>
[RequiresRedisServer]
internal sealed class IdleCostTests
{
    private static readonly string[] OfTheTest = ["ping", "info", "client", "config", "hello", "echo"];

    [Test]
    public async Task Worker_SendsFewCommandsPerSecond_WhenItServesAThousandIdleQueues()
    {
        await using var redis = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Url},allowAdmin=true");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var worker = await WorkerHost.StartAsync(redis.Url, (_, _) => Task.CompletedTask, AddQueues, time: time);
        await PassAsync(TimeSpan.FromSeconds(20), time, connection.GetDatabase());
        var before = await CallsAsync(connection.GetDatabase());

        await PassAsync(TimeSpan.FromSeconds(60), time, connection.GetDatabase());

        var after = await CallsAsync(connection.GetDatabase());
        var calls = after.ToDictionary(call => call.Key, call => call.Value - before.GetValueOrDefault(call.Key));
        var list = string.Join(", ", calls.Where(call => call.Value > 0));
        Assert.That(calls["exists"], Is.GreaterThan(60), $"it polls: {list}");
        Assert.That(calls.Values.Sum() / 60d, Is.LessThanOrEqualTo(5), $"those inside scripts included: {list}");
    }

    private static void AddQueues(QueueServerOptions options)
    {
        for (var queue = 1; queue < 1_000; queue++)
        {
            options.Queues[$"tenant{queue}"] = 1;
        }
    }

    // In small steps, with a round trip to Redis in between: the loops get to run.
    private static async Task PassAsync(TimeSpan duration, FakeTimeProvider time, IDatabase redis)
    {
        for (var end = time.GetUtcNow() + duration; time.GetUtcNow() < end;)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await redis.PingAsync();
            await redis.PingAsync();
        }
    }

    private static async Task<Dictionary<string, long>> CallsAsync(IDatabase redis) =>
        (await redis.ExecuteAsync("INFO", "commandstats")).ToString().Split("\r\n")
            .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Select(line => line["cmdstat_".Length..].Split(":calls="))
            .Select(parts => (Name: parts[0], Calls: long.Parse(parts[1].Split(',')[0], CultureInfo.InvariantCulture)))
            .Where(call => !OfTheTest.Contains(call.Name.Split('|')[0]))
            .ToDictionary(call => call.Name, call => call.Calls);
}
