using Google.Protobuf;
using Mirai.Queue.Protocol;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>How a running server answers signals.</summary>
[Platform(Exclude = "Win", Reason = "There are no such signals.")]
internal sealed class WorkSignalTests : DriverTest
{
    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task Stop_LetsTasksFinish(string signal)
    {
        await AddPendingAsync(Message("a"));
        await using var driver = Start("work -concurrency 1 -sleep 1s");
        await WaitForActiveAsync(1);
        await AddPendingAsync(Message("b"));

        driver.Signal(signal);

        var result = await driver.WaitAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That($"{result.Line["id"]} {result.Line["outcome"]}", Is.EqualTo("a ok"));
        Assert.That((string?)await Redis.StringGetAsync("asynq:{default}:processed"), Is.EqualTo("1"));
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { "b" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:servers"), Is.False, "the server took itself off the list");
    }

    [Test]
    public async Task Stop_PutsTasksBackUncharged_WhenTheyTakeTooLong()
    {
        await AddPendingAsync(Message("a"));
        await using var driver = Start("work -sleep 1h -shutdown-timeout 100ms");
        await WaitForActiveAsync(1);

        driver.Signal("TERM");

        var result = await driver.WaitAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That((string?)result.Line["outcome"], Is.EqualTo("context_done"));
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { "a" }));
        Assert.That(
            (byte[]?)await Redis.HashGetAsync("asynq:{default}:t:a", "msg"), Is.EqualTo(Message("a").ToByteArray()));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:lease"), Is.False);
    }

    [Test]
    public async Task Suspend_StopsTaking_AndLetsRunningTasksFinish()
    {
        await AddPendingAsync(Message("a"));
        await using var driver = Start("work -concurrency 2 -sleep 100ms");
        await driver.ReadLineAsync();

        driver.Signal("TSTP");
        await WaitUntilAsync(async () => (await FindServerAsync())?.Status == "stopped", "the server says so");
        await AddPendingAsync(Message("b"));
        driver.Signal("TERM");

        var result = await driver.WaitAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Lines, Is.Empty);
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Work_ShowsItsSettingsAndProcess()
    {
        await using var driver = Start("work -queues critical=6,default=3,low=1 -strict -concurrency 5");
        await WaitUntilAsync(async () => await FindServerAsync() is not null, "the server is listed");

        var server = await FindServerAsync();

        Assert.That(server!.Pid, Is.EqualTo(driver.Id));
        Assert.That(server.Concurrency, Is.EqualTo(5));
        Assert.That(server.StrictPriority, Is.True);
        Assert.That(
            server.Queues, Is.EquivalentTo(new Dictionary<string, int> { ["critical"] = 6, ["default"] = 3, ["low"] = 1 }));
    }

    private static async Task<ServerInfo?> FindServerAsync()
    {
        var names = await Redis.SortedSetRangeByRankAsync("asynq:servers");
        return names is [var name] && (byte[]?)await Redis.StringGetAsync(name.ToString()) is { } bytes
            ? ServerInfo.Parser.ParseFrom(bytes)
            : null;
    }

    private static TaskMessage Message(string id) => new() { Id = id, Type = "t", Queue = "default", Timeout = 60 };
}
