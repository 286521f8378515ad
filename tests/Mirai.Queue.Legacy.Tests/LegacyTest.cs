using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Inspector;
using Mirai.Queue.Store;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy.Tests;

/// <summary>A test of the legacy layout, which no cluster can hold. The clock stands at second 4,000,000,000.</summary>
internal abstract class LegacyTest : RedisTest
{
    protected const long Now = 4_000_000_000;

    private readonly RedisConnection connection = Share(TestRedis.Connection);

    protected FakeTimeProvider Time { get; private set; } = null!;

    protected LegacyStore Store { get; private set; } = null!;

    protected LegacyInspector Inspector { get; private set; } = null!;

    [SetUp]
    public void CreateBroker()
    {
        SkipOnCluster();
        Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Now));
        var current = new RedisStore(connection, Time);
        Store = new LegacyStore(connection, current, new QueueOptions(), Time);
        Inspector = new LegacyInspector(connection, Store, new QueueInspector(connection, Store, Time), Time);
    }

    [OneTimeTearDown]
    public ValueTask CloseAsync() => connection.DisposeAsync();

    protected static TaskSelection One(string id) => TaskSelection.One("mail", id);

    protected static TaskSelection In(TaskState state, TaskFilter? filter = null) =>
        TaskSelection.InState("mail", state, filter);

    protected static TaskSelection Group(string group, TaskFilter? filter = null) =>
        TaskSelection.InGroup("mail", group, filter);

    public static void SkipOnCluster()
    {
        if (TestRedis.Primaries.Skip(1).Any())
        {
            Assert.Ignore("The legacy layout does not work on a cluster.");
        }
    }

    internal static RedisConnection Share(IConnectionMultiplexer redis) =>
        new(() => Task.FromResult(redis), isOwned: false);

    protected LegacyMover Mover() => new(connection, Time);

    protected RedisConnection Connection() => connection;

    /// <summary>Enqueues a task as a producer does.</summary>
    protected async Task<string> EnqueueAsync(
        EnqueueOptions? options = null, string payload = "{\"n\":1}", string type = "mail:send")
    {
        var task = LegacyTaskFactory.Create(
            new QueueTask(type, Encoding.UTF8.GetBytes(payload)), new EnqueueOptions { Queue = "mail" }.With(options),
            Time.GetUtcNow());
        await Store.EnqueueAsync(task.Route, [task]);
        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));

        return task.Message.Id;
    }

    protected Task<string> EnqueueInAsync(int seconds, string queue = "mail") =>
        EnqueueAsync(new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(seconds), Queue = queue });

    /// <summary>A message as Go writes it.</summary>
    protected static string Message(
        int number, string queue = "mail", string type = "mail:send", string lockKey = "") =>
        $$"""{"Type":"{{type}}","Payload":{"n":{{number}}},"ID":"{{Id(number)}}","Queue":"{{queue}}","Retry":25,"Retried":2,"ErrorMsg":"boom","Timeout":60,"Deadline":0,"UniqueKey":"{{lockKey}}"}""";

    protected static string Id(int number) => $"11111111-0000-4000-8000-{number:d12}";

    protected static Task AddAsync(string key, string message, double score) =>
        Redis.SortedSetAddAsync(key, message, score);

    protected static async Task<string[]> ListAsync(string key) =>
        [.. (await Redis.ListRangeAsync(key)).Select(message => IdOf(message.ToString()))];

    protected static async Task<(string Id, double Score)[]> SetAsync(string key) =>
    [
        .. (await Redis.SortedSetRangeByRankWithScoresAsync(key))
            .Select(entry => (IdOf(entry.Element.ToString()), entry.Score)),
    ];

    protected static string IdOf(string message) =>
        JsonDocument.Parse(message).RootElement.GetProperty("ID").GetString()!;
}
