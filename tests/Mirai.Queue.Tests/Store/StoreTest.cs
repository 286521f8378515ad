using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Store;

/// <summary>A store on the test's Redis, with a clock that stands at second 4,000,000,000 (an expiry in the past
/// would delete keys at once).</summary>
internal abstract class StoreTest : RedisTest
{
    protected const long Now = 4_000_000_000;
    protected const string Today = "2096-10-02";

    protected FakeTimeProvider Time { get; private set; } = null!;

    protected RedisStore Store { get; private set; } = null!;

    [SetUp]
    public void CreateStore()
    {
        Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Now));
        Store = new RedisStore(Connection(), Time);
    }

    protected static RedisConnection Connection()
    {
        // Captured here: the store may connect on a thread that does not belong to the test.
        IConnectionMultiplexer connection = TestRedis.Connection;
        return new RedisConnection(() => Task.FromResult(connection), isOwned: false);
    }

    /// <summary>A task as the client hands it to the store.</summary>
    protected NewTask NewTask(
        string id, EnqueueOptions? options = null, string type = "mail:send", string? payload = "{}") =>
        Store.CreateTask(
            new QueueTask(type, payload is null ? null : System.Text.Encoding.UTF8.GetBytes(payload)),
            new EnqueueOptions { Queue = "mail", TaskId = id }.With(options),
            Time.GetUtcNow());

    /// <summary>Stores tasks of one route and fails unless all are stored.</summary>
    protected async Task EnqueueAsync(params NewTask[] tasks)
    {
        await Store.EnqueueAsync(tasks[0].Route, tasks);
        Assert.That(tasks.Select(task => task.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
    }

    /// <summary>Enqueues plain tasks and takes them, with a lease until <see cref="Now"/> + 30.</summary>
    protected async Task TakeNewAsync(params string[] ids)
    {
        await EnqueueAsync([.. ids.Select(id => NewTask(id))]);
        var taken = await Store.TakeAsync("mail", ids.Length, Now + 30, withPendingSince: false);
        Assert.That(taken.Tasks, Has.Count.EqualTo(ids.Length));
    }

    protected static TaskLease Lease(string id, long expiry = Now + 30) => new("mail", id, expiry);

    protected static TaskMessage Message(string id) =>
        new() { Id = id, Queue = "mail", Type = "mail:send", Retry = 3, Timeout = 60 };

    protected static async Task<string[]> ListAsync(string key) =>
        [.. (await Redis.ListRangeAsync(key)).Select(value => value.ToString())];

    protected static async Task<(string, double)[]> ZSetAsync(string key) =>
        [.. (await Redis.SortedSetRangeByRankWithScoresAsync(key))
            .Select(entry => (entry.Element.ToString(), entry.Score))];

    /// <summary>The leases of queue <c>mail</c> without the tokens of their takes.</summary>
    protected static async Task<(string, double)[]> LeasesAsync() =>
        [.. (await ZSetAsync("asynq:{mail}:lease")).Select(lease => (lease.Item1, Math.Floor(lease.Item2)))];

    /// <summary>Fields of a task's hash, without its message.</summary>
    protected static async Task<Dictionary<string, string>> FieldsAsync(string id) =>
        (await Redis.HashGetAllAsync($"asynq:{{mail}}:t:{id}"))
        .Where(field => field.Name != "msg")
            .ToDictionary(field => field.Name.ToString(), field => field.Value.ToString());

    protected static async Task<TaskMessage> StoredAsync(string id) =>
        TaskMessage.Parser.ParseFrom((byte[])(await Redis.HashGetAsync($"asynq:{{mail}}:t:{id}", "msg"))!);

    protected static Task<string[]> KeysAsync() => RedisDump.KeysAsync(Redis);

    protected static Task<string[]> DumpAsync() => RedisDump.AllAsync(Redis);

    protected static Task SetMessageAsync(string id, TaskMessage message) =>
        Redis.HashSetAsync($"asynq:{{mail}}:t:{id}", "msg", message.ToByteArray());
}
