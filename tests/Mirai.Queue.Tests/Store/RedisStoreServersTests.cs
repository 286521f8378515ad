using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreServersTests : StoreTest
{
    private const string ServerKey = "asynq:servers:{box:7:s1}";
    private const string WorkersKey = "asynq:workers:{box:7:s1}";

    [Test]
    public async Task WriteServerState_ListsServerAndWorkers_ForItsLifetime()
    {
        await Store.WriteServerStateAsync(State("a", "b"), TimeSpan.FromSeconds(10));

        Assert.That(await ZSetAsync("asynq:servers"), Is.EqualTo(new[] { (ServerKey, Now + 10d) }));
        Assert.That(await ZSetAsync("asynq:workers"), Is.EqualTo(new[] { (WorkersKey, Now + 10d) }));
        var server = ServerInfo.Parser.ParseFrom((byte[])(await Redis.StringGetAsync(ServerKey))!);
        Assert.That(
            (server.Host, server.Pid, server.ServerId, server.ActiveWorkerCount), Is.EqualTo(("box", 7, "s1", 2)));
        Assert.That(
            (await Redis.HashKeysAsync(WorkersKey)).Select(id => id.ToString()), Is.EquivalentTo(new[] { "a", "b" }));
        var worker = WorkerInfo.Parser.ParseFrom((byte[])(await Redis.HashGetAsync(WorkersKey, "a"))!);
        Assert.That((worker.TaskId, worker.Queue), Is.EqualTo(("a", "mail")));
        foreach (var key in new[] { ServerKey, WorkersKey })
        {
            Assert.That(
                await Redis.KeyTimeToLiveAsync(key),
                Is.EqualTo(TimeSpan.FromSeconds(10)).Within(TimeSpan.FromSeconds(2)));
        }
    }

    [Test]
    public async Task WriteServerState_ForgetsWorkers_WhenTheyAreDone()
    {
        await Store.WriteServerStateAsync(State("a"), TimeSpan.FromSeconds(10));

        await Store.WriteServerStateAsync(State(), TimeSpan.FromSeconds(10));

        Assert.That(await Redis.KeyExistsAsync(WorkersKey), Is.False);
        Assert.That(await Redis.KeyExistsAsync(ServerKey), Is.True);
    }

    [Test]
    public async Task WriteServerState_WritesOnlyChanges_WhenItIsNotWhole()
    {
        await Store.WriteServerStateAsync(State("a", "b"), TimeSpan.FromSeconds(10));

        var shown = await Store.WriteServerStateAsync(
            State("c") with { IsWhole = false, Ended = ["a"] }, TimeSpan.FromSeconds(10));

        Assert.That(shown, Is.EqualTo(2));
        Assert.That(
            (await Redis.HashKeysAsync(WorkersKey)).Select(id => id.ToString()), Is.EquivalentTo(new[] { "b", "c" }));
    }

    [Test]
    public async Task ClearServerState_LeavesNothing()
    {
        await Store.WriteServerStateAsync(State("a"), TimeSpan.FromSeconds(10));

        await Store.ClearServerStateAsync(State("a").Server);

        Assert.That(await KeysAsync(), Is.Empty);
    }

    private static ServerState State(params string[] taskIds)
    {
        var started = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeSeconds(Now));
        return new ServerState(
            new ServerInfo { Host = "box", Pid = 7, ServerId = "s1", ActiveWorkerCount = taskIds.Length, StartTime = started },
            IsWhole: true, [],
            [.. taskIds.Select(
                id => new WorkerInfo { TaskId = id, Queue = "mail", StartTime = started, Deadline = started })]);
    }
}
