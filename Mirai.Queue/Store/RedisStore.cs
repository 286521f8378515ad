using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>The current layout (Asynq 0.18 to 0.26, keys <c>asynq:{&lt;queue&gt;}:…</c>).</summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The caller of WatchPending owns what that field refers to, and disposes it.")]
internal sealed partial class RedisStore(RedisConnection connection, TimeProvider time)
    : IQueueStore, IGroupStore, ISchedulerStore, ICrashStore
{
    // After this time the queue is put on the list again: an operator may have deleted it. (Asynq registers a queue
    // once per process, so that a deleted queue stays off the list while its producers live.)
    private static readonly TimeSpan RegistrationLifetime = TimeSpan.FromMinutes(1);

    // Callers choose the names of queues: names that nobody uses again must not fill the memory.
    private const int MostRegistrations = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> registrations = new();

    public async Task PingAsync()
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await database.PingAsync().ConfigureAwait(false);
    }

    public async Task<RedisFacts> ReadFactsAsync()
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        try
        {
            var server = await database.ExecuteAsync("INFO", "server").ConfigureAwait(false);
            var memory = await database.ExecuteAsync("INFO", "memory").ConfigureAwait(false);

            // On Garnet, which has no limit of this kind, ZADD XX would leave a broken key where there was none.
            var isFull = !server.ToString().Contains("garnet", StringComparison.OrdinalIgnoreCase)
                && await IsFullAsync(database).ConfigureAwait(false);

            return RedisFacts.Parse($"{server}\n{memory}") with { IsFull = isFull };
        }
        catch (Exception exception) when (exception is RedisCommandException or RedisServerException)
        {
            // The connection of the application, or its Redis user, may not run INFO. A PING shows that Redis answers.
            await database.PingAsync().ConfigureAwait(false);
            return RedisFacts.Unknown with { IsFull = await IsFullAsync(database).ConfigureAwait(false) };
        }
    }

    /// <summary>Asks Redis for memory, as the next enqueue will: the figures of INFO do not tell whether Redis could
    /// still evict. The command changes nothing, because no server has the name that it would update.</summary>
    private static async Task<bool> IsFullAsync(IDatabase database)
    {
        try
        {
            await database.SortedSetUpdateAsync(SharedKeys.Servers, "mirai:probe", 0, SortedSetWhen.Exists)
                .ConfigureAwait(false);
            return false;
        }
        catch (RedisServerException refusal)
        {
            return RedisFaults.IsFull(refusal); // a missing right says nothing about the memory
        }
    }

    /// <summary>Puts a queue on the list that inspectors read. This takes a separate command, because the list lies in
    /// another slot of a cluster.</summary>
    private ValueTask RegisterQueueAsync(IDatabase database, string queue)
    {
        var now = time.GetUtcNow();
        return registrations.TryGetValue(queue, out var until) && now < until
            ? ValueTask.CompletedTask
            : AddToListAsync(database, queue, now + RegistrationLifetime);
    }

    private async ValueTask AddToListAsync(IDatabase database, string queue, DateTimeOffset until)
    {
        await database.SetAddAsync(SharedKeys.Queues, queue).ConfigureAwait(false);
        if (registrations.Count >= MostRegistrations)
        {
            registrations.Clear();
        }

        registrations[queue] = until;
    }

    private async Task<int> CountAsync(
        RedisScript script, ReadOnlyMemory<RedisKey> keys, ReadOnlyMemory<RedisValue> arguments)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await script.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32();
    }

    internal static List<int> ReadPositions(RespResult reply)
    {
        var reader = reply.Read();
        var positions = new List<int>(reader.AggregateLength());
        for (var left = positions.Capacity; left > 0; left--)
        {
            reader.MoveNext();
            positions.Add(reader.ReadInt32() - 1); // Lua counts from 1
        }

        return positions;
    }
}
