using Google.Protobuf;
using Mirai.Local.Redis;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>How a running server answers signals.</summary>
[Platform(Exclude = "Win", Reason = "There are no such signals.")]
internal sealed class WorkSignalTests : DriverTest
{
    [Test]
    public async Task Stop_WaitsForRunningTasks_AndTakesNoMore()
    {
        await AddPendingAsync(Message("a"));
        await using var driver = Start("work -concurrency 1 -sleep 1h -retry-delay 1h -shutdown-timeout 1h");
        await WaitForRunningAsync("a");
        await AddPendingAsync(Message("b"));

        driver.Signal(UnixSignal.Terminate);
        await WaitForStatusAsync("closed");
        await CancelAsync(driver, "a");

        var result = await driver.WaitAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That($"{result.Line["id"]} {result.Line["outcome"]}", Is.EqualTo("a context_done"));
        Assert.That((string?)await Redis.StringGetAsync("asynq:{default}:processed"), Is.EqualTo("1"));
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { "b" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:servers"), Is.False, "the server took itself off the list");
    }

    [Test]
    public async Task Stop_PutsTasksBackUncharged_WhenTheyTakeTooLong()
    {
        await AddPendingAsync(Message("a"));
        await using var driver = Start("work -sleep 1h -shutdown-timeout 100ms");
        await WaitForRunningAsync("a");

        driver.Signal(UnixSignal.Terminate);

        var result = await driver.WaitAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That((string?)result.Line["outcome"], Is.EqualTo("context_done"));
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { "a" }));
        Assert.That(
            (byte[]?)await Redis.HashGetAsync("asynq:{default}:t:a", "msg"), Is.EqualTo(Message("a").ToByteArray()));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:lease"), Is.False);
    }

    [Test]
    public async Task Suspend_StopsTaking()
    {
        await AddPendingAsync(Message("a"));
        await using var driver = Start("work -concurrency 2 -sleep 100ms");
        await driver.ReadLineAsync();

        driver.Signal(UnixSignal.TerminalStop);
        await WaitForStatusAsync("stopped");
        await AddPendingAsync(Message("b"));
        driver.Signal(UnixSignal.Terminate);

        var result = await driver.WaitAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Lines, Is.Empty);
        Assert.That(await PendingAsync(), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Work_ShowsItsSettingsAndProcess_UntilInterrupted()
    {
        await using var driver = Start("work -queues critical=6,default=3,low=1 -strict -concurrency 5");
        await WaitForStatusAsync("active");

        var server = await FindServerAsync();
        driver.Signal(UnixSignal.Interrupt);

        Assert.That((await driver.WaitAsync()).ExitCode, Is.Zero);
        Assert.That(server!.Pid, Is.EqualTo(driver.Id));
        Assert.That(server.Concurrency, Is.EqualTo(5));
        Assert.That(server.StrictPriority, Is.True);
        Assert.That(
            server.Queues,
            Is.EquivalentTo(new Dictionary<string, int> { ["critical"] = 6, ["default"] = 3, ["low"] = 1 }));
    }

    private static async Task<ServerInfo?> FindServerAsync()
    {
        var names = await Redis.SortedSetRangeByRankAsync("asynq:servers");
        return names is [var name] && (byte[]?)await Redis.StringGetAsync(name.ToString()) is { } bytes
            ? ServerInfo.Parser.ParseFrom(bytes)
            : null;
    }

    // By what the server shows at its heartbeats.
    private static Task WaitForStatusAsync(string status) => WaitUntilAsync(
        async () => (await FindServerAsync())?.Status == status, $"the server is {status}");

    private static Task WaitForRunningAsync(string id) => WaitUntilAsync(
        async () => await Redis.SortedSetRangeByRankAsync("asynq:workers") is [var name]
            && await Redis.HashExistsAsync(name.ToString(), id),
        $"{id} runs");

    private static TaskMessage Message(string id) => new() { Id = id, Type = "t", Queue = "default", Timeout = 60 };
}
