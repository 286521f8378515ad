using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;
using Mirai.Queue;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>Each user of <c>users.acl</c> may use the commands of its role and no others.</summary>
[RequiresRedisServer]
internal sealed class UsersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ConfiguredRedis redis = null!;
    private ConnectionMultiplexer admin = null!;

    [OneTimeSetUp]
    public async Task StartRedisAsync()
    {
        redis = await ConfiguredRedis.StartAsync();
        admin = await redis.ConnectAsync("admin");
    }

    [OneTimeTearDown]
    public async Task StopRedisAsync()
    {
        await admin.DisposeAsync();
        await redis.DisposeAsync();
    }

    [SetUp]
    public Task ForgetRefusalsAsync() => admin.GetDatabase().ExecuteAsync("ACL", "LOG", "RESET");

    [Test]
    public async Task Api_EnqueuesInEveryWay_AndLooks()
    {
        await using var api = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));
        EnqueueOptions[] ways =
        [
            new(), new() { ProcessIn = TimeSpan.FromHours(1) }, new() { UniqueFor = TimeSpan.FromHours(1) },
            new() { UniqueFor = TimeSpan.FromHours(1), ProcessIn = TimeSpan.FromHours(1) }, new() { Group = "g" },
            new() { Group = "g", UniqueFor = TimeSpan.FromHours(1) },
        ];

        var results = await api.Client.EnqueueManyAsync(
            [.. ways.Select((way, i) => new QueueTask($"way:{i}", options: way with { Queue = "ways" }))]);
        var inspector = api.Get<IQueueInspector>();
        var queue = await inspector.FindQueueAsync("ways");
        var task = await inspector.FindTaskAsync("ways", results[0].TaskId!);

        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
        Assert.That(await inspector.ListQueuesAsync(), Has.Member("ways"));
        Assert.That((queue!.Size, task!.Type), Is.EqualTo((ways.Length, "way:0")));
        Assert.That(await RefusedAsync(), Is.Empty);
    }

    [Test]
    public async Task Worker_HandlesRetriesGroupsResultsAndSignsOff()
    {
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var types = new List<string>();
        var worker = await QueueApp.StartAsync(redis.Url("mirai-worker"), queue => queue
            .AddServer(Configure)
            .AddAggregator((_, tasks) => new QueueTask("work:all", options: new EnqueueOptions { Queue = "work" }))
            .AddHandler("work:", (context, _) => Handle(context.Type, types, handled)));

        await worker.Client.EnqueueAsync(Work("work:ok", new EnqueueOptions { Retention = TimeSpan.FromHours(1) }));
        await worker.Client.EnqueueAsync(Work("work:failing", new EnqueueOptions { MaxRetry = 1 }));
        await worker.Client.EnqueueAsync(Work("work:dead", new EnqueueOptions { MaxRetry = 0 }));
        await worker.Client.EnqueueAsync(Work("work:grouped", new EnqueueOptions { Group = "g" }));
        await handled.Task.WaitAsync(Patience);
        await worker.DisposeAsync();

        Assert.That(types, Has.Member("work:all"), "the group became a task");
        Assert.That(await admin.GetDatabase().SortedSetLengthAsync("asynq:{work}:completed"), Is.EqualTo(1));
        Assert.That(await admin.GetDatabase().SortedSetLengthAsync("asynq:{work}:archived"), Is.EqualTo(2));
        Assert.That(await RefusedAsync(), Is.Empty);
    }

    [TestCase("mirai-api")]
    [TestCase("mirai-worker")]
    public async Task Program_SharesTheCacheAndItsLocks(string user)
    {
        await using var app = await QueueApp.StartAsync(redis.Url(user), queue =>
        {
            queue.Services.AddMiraiCache(options =>
            {
                options.RedisUrl = redis.Url(user);
                options.RedisTimeout = TimeSpan.FromSeconds(5); // a busy machine is not an outage
            }).AddLocalLevel();
        });
        var cache = app.Get<ICache>();
        var all = CacheKey.Of<string>("courses:all");
        var courses = CachePattern.StartingWith("courses:");

        await cache.GetOrCreateEntryAsync(all, _ => new("courses"), new CacheEntryOptions { Tags = ["tag"] });
        var read = await cache.GetAsync(all);
        await cache.InvalidateTagAsync("tag");
        await cache.InvalidateAsync(courses);
        var held = await app.Get<ICacheLocks>().AcquireAsync("work");
        await using (held)
        {
            Assert.That(await RefusedAsync(), Is.Empty);
        }

        Assert.That(read, Is.Not.Null);
        Assert.That(held, Is.Not.Null);
        Assert.That(cache.Status, Is.EqualTo(CacheStatus.Available));
        Assert.That(await RefusedAsync(), Is.Empty);
    }

    // The script does what the Redis scaler of KEDA does: the type of the key decides what it counts.
    [TestCase("pending")]
    [TestCase("scheduled")]
    [TestCase("retry")]
    [TestCase("groups")]
    public async Task Keda_MeasuresQueues(string part)
    {
        const string Measure = """
            local measures = { zset = "zcard", set = "scard", list = "llen", hash = "hlen", none = "llen" }
            return redis.call(measures[redis.call("type", KEYS[1]).ok], KEYS[1])
            """;
        await admin.GetDatabase().KeyDeleteAsync($"asynq:{{keda}}:{part}");
        await (part switch
        {
            "pending" => (Task)admin.GetDatabase().ListLeftPushAsync("asynq:{keda}:pending", "a"),
            "groups" => admin.GetDatabase().SetAddAsync("asynq:{keda}:groups", "a"),
            _ => admin.GetDatabase().SortedSetAddAsync($"asynq:{{keda}}:{part}", "a", 1),
        });
        await using var keda = await redis.ConnectAsync("mirai-keda");

        var length = await keda.GetDatabase().ScriptEvaluateAsync(Measure, [$"asynq:{{keda}}:{part}"]);

        Assert.That((long)length, Is.EqualTo(1));
    }

    [TestCase("mirai-reader", "INFO", "stats")]
    [TestCase("mirai-reader", "MEMORY", "USAGE", "asynq:queues")]
    [TestCase("mirai-reader", "TTL", "asynq:queues")]
    [TestCase("mirai-reader", "TYPE", "asynq:queues")]
    [TestCase("mirai-reader", "HGETALL", "asynq:{default}:t:x")]
    [TestCase("mirai-reader", "SCAN", "0", "MATCH", "asynq:*")]
    [TestCase("mirai-reader", "SLOWLOG", "GET", "10")]
    [TestCase("mirai-reader", "LATENCY", "LATEST")]
    [TestCase("mirai-reader", "XRANGE", "mirai:audit", "-", "+")]
    [TestCase("mirai-api", "XADD", "mirai:audit", "MAXLEN", "~", "1000", "*", "who", "somebody")]
    [TestCase("health", "PING")]
    public async Task User_May(string user, params string[] command)
    {
        await using var connection = await ConnectRawAsync(user);

        Assert.That(await ErrorOfAsync(connection, command), Is.Null);
    }

    [TestCase("mirai-api", "FLUSHALL")]
    [TestCase("mirai-api", "KEYS", "*")]
    [TestCase("mirai-api", "CONFIG", "SET", "maxmemory", "1gb")]
    [TestCase("mirai-api", "SHUTDOWN", "NOSAVE")]
    [TestCase("mirai-api", "ACL", "LIST")]
    [TestCase("mirai-api", "MONITOR")]
    [TestCase("mirai-api", "SET", "other", "x")]
    [TestCase("mirai-api", "SET", "asynq:servers:{h:1:x}", "x")]
    [TestCase("mirai-api", "FUNCTION", "LIST")]
    [TestCase("mirai-api", "PUBLISH", "other", "x")]
    [TestCase("mirai-worker", "FLUSHDB")]
    [TestCase("mirai-worker", "GET", "other")]
    [TestCase("mirai-worker", "BGSAVE")]
    [TestCase("mirai-worker", "SCRIPT", "FLUSH")]
    [TestCase("mirai-worker", "CLIENT", "KILL", "TYPE", "normal")]
    [TestCase("mirai-reader", "DEL", "asynq:queues")]
    [TestCase("mirai-reader", "XADD", "mirai:audit", "*", "who", "nobody")]
    [TestCase("mirai-reader", "EVAL", "return 1", "0")]
    [TestCase("mirai-reader", "KEYS", "*")]
    [TestCase("mirai-reader", "GET", "other")]
    [TestCase("mirai-keda", "HGETALL", "asynq:{default}:t:x")]
    [TestCase("mirai-keda", "LRANGE", "asynq:{default}:pending", "0", "-1")]
    [TestCase("mirai-keda", "EVAL", "return redis.call('del', KEYS[1])", "1", "asynq:{default}:pending")]
    [TestCase("health", "GET", "asynq:queues")]
    [TestCase("health", "INFO")]
    public async Task User_MayNot(string user, params string[] command)
    {
        await using var connection = await ConnectRawAsync(user);

        Assert.That(
            await ErrorOfAsync(connection, command), Does.StartWith("-NOPERM")
                .Or.Contains("user executing the script can't"));
    }

    [TestCase("PING")]
    [TestCase("GET", "asynq:queues")]
    [TestCase("AUTH", "default", "")]
    public async Task Nobody_MayAnything_WithoutAName(params string[] command)
    {
        await using var stranger = await RedisConsole.ConnectAsync(redis.Port);

        Assert.That(await ErrorOfAsync(stranger, command), Does.StartWith("-NOAUTH").Or.StartWith("-WRONGPASS"));
    }

    // The runbook: a second line beside the old one, ACL LOAD, the programs move over, the old line goes.
    [Test]
    public async Task Passwords_Rotate_WithoutARestart()
    {
        redis.SetPasswords("mirai-reader", ConfiguredRedis.PasswordOf("mirai-reader"), "the next one");
        await LoadUsersAsync();

        await using var next = await TestRedis.ConnectAsync(
            $"redis://mirai-reader:the%20next%20one@127.0.0.1:{redis.Port}/0");
        await using var old = await redis.ConnectAsync("mirai-reader");
        Assert.That(await next.GetDatabase().PingAsync(), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(await old.GetDatabase().PingAsync(), Is.GreaterThan(TimeSpan.Zero));
    }

    private static void Configure(QueueServerOptions server)
    {
        server.Queues["work"] = 1;
        server.GroupGracePeriod = TimeSpan.FromSeconds(1);
        server.RetryDelay = _ => TimeSpan.Zero;
    }

    private static QueueTask Work(string type, EnqueueOptions options) =>
        new(type, options: options with { Queue = "work" });

    // Done: one that succeeds, two tries of one that fails, one that is archived at once, and the aggregate of a
    // group.
    private static Task Handle(string type, List<string> types, TaskCompletionSource handled)
    {
        lock (types)
        {
            types.Add(type);
            if (types.Count == 5)
            {
                handled.SetResult();
            }
        }

        return type is "work:failing" or "work:dead" ? throw new InvalidOperationException("no") : Task.CompletedTask;
    }

    private async Task LoadUsersAsync()
    {
        var start = new System.Diagnostics.ProcessStartInfo("sh", [SourceFiles.Find("deploy", "redis", "users.sh")]);
        start.Environment["REDIS_PASSWORDS"] = redis.Passwords;
        await File.WriteAllTextAsync(redis.AclFile, await Shell.RunAsync(start));
        await admin.GetDatabase().ExecuteAsync("ACL", "LOAD");
    }

    // What Redis has refused since the test began.
    private async Task<IEnumerable<string>> RefusedAsync()
    {
        var entries = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("ACL", "LOG"))!;
        return entries.Select(entry => string.Join(' ', (string[])entry!));
    }

    private Task<RedisConsole> ConnectRawAsync(string user) =>
        RedisConsole.ConnectAsync(redis.Port, user, ConfiguredRedis.PasswordOf(user));

    private static async Task<string?> ErrorOfAsync(RedisConsole console, string[] command)
    {
        var answer = await console.AskAsync(command);
        return answer.StartsWith('-') ? answer : null;
    }
}
