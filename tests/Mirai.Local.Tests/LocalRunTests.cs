using System.Net;
using System.Net.Sockets;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Local.Tests;

internal sealed class LocalRunTests : LocalTest
{
    [Test, RequiresRedisServer]
    public async Task Run_ReadsADocument_WithRedisServer()
    {
        await using var program = Start();

        var first = await program.WaitForLineAsync("");
        await program.WaitForLineAsync("Mirai is up");
        await Documents.WaitUntilReadyAsync(
            program.Client, await Documents.UploadAsync(program.Client, "# Rivers\n\nWater finds the sea."));

        Assert.That(first, Does.StartWith($"Redis: redis-server on 127.0.0.1:{RedisPort}, data in {Data}"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{RedisPort}");
        var queues = (await redis.GetDatabase().SetMembersAsync("asynq:queues")).Select(queue => queue.ToString());
        Assert.That(queues, Does.Contain("default"));
    }

    [Test, RequiresRedisServer]
    public async Task Run_LeavesNoProcess_WhenInterrupted()
    {
        await using var program = Start();
        await program.WaitForLineAsync("Mirai is up");
        var during = Leftovers.Find(Data, RedisPort);

        var exitCode = await program.InterruptAsync();

        Assert.That(during, Has.Length.EqualTo(4), "the run, Redis, the API and the worker");
        Assert.That(exitCode, Is.Zero);
        Assert.That(Leftovers.Find(Data, RedisPort), Is.Empty);
    }

    [Test, RequiresRedisServer]
    public async Task Run_LosesNothing_WhenStartedAgain()
    {
        Uri document;
        await using (var program = Start())
        {
            await program.WaitForLineAsync("Mirai is up");
            document = await Documents.UploadAsync(program.Client, "# Kept");
            await Documents.WaitUntilReadyAsync(program.Client, document);
            await using var before = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{RedisPort}");
            await before.GetDatabase().StringSetAsync("test:kept", "yes");
        }

        await using var again = Start();
        await again.WaitForLineAsync("Mirai is up");

        await Documents.WaitUntilReadyAsync(again.Client, document);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{RedisPort}");
        Assert.That((string?)await redis.GetDatabase().StringGetAsync("test:kept"), Is.EqualTo("yes"));
    }

    [Test]
    public async Task Run_SaysThatDataIsVolatile_WithoutRedisServer()
    {
        await using var program = Start(("PATH", ""));

        var first = await program.WaitForLineAsync("");
        await program.WaitForLineAsync("Mirai is up");
        await Documents.WaitUntilReadyAsync(
            program.Client, await Documents.UploadAsync(program.Client, "# Rivers"));

        Assert.That(first, Does.StartWith($"Redis: embedded Garnet on 127.0.0.1:{RedisPort}: VOLATILE"));
    }

    [Test]
    public async Task Run_UsesAndKeepsTheRedisThatIsNamed()
    {
        await using (var program = Start(("REDIS_URL", RedisUrl), ("Polls__Interval", "1.00:00:00")))
        {
            var first = await program.WaitForLineAsync("");
            await program.WaitForLineAsync("Mirai is up");
            await Documents.WaitUntilReadyAsync(
                program.Client, await Documents.UploadAsync(program.Client, "# Rivers"));
            Assert.That(first, Is.EqualTo("Redis: the Redis that REDIS_URL names"));
        }

        Assert.That((long)await Redis.StringGetAsync("asynq:{default}:processed"), Is.EqualTo(1));
    }

    [TestCase(true, "--port")]
    [TestCase(false, "--redis-port")]
    public async Task Run_NamesPortAndOption_WhenAPortIsBusy(bool api, string option)
    {
        var port = api ? Port : RedisPort;
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();

        await using var program = Start();
        var exitCode = await program.WaitForExitAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            await program.ReadErrorsAsync(),
            Does.StartWith($"Port {port} on 127.0.0.1").And.Contains($"{option} {port + 1}"));
        Assert.That(Leftovers.Find(Data, RedisPort), Is.Empty);
    }

    [Test]
    public async Task Run_StopsEverything_WhenTheWorkerEnds()
    {
        await using var program = Start(("REDIS_URL", RedisUrl), ("Queue__Server__Concurrency", "0"));

        var exitCode = await program.WaitForExitAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(await program.ReadErrorsAsync(), Does.Contain("The worker ended by itself, with exit code"));
        Assert.That(Leftovers.Find(Data, RedisPort), Is.Empty);
    }
}
