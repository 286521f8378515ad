using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Conformance;

/// <summary>A layout with what the tests of both must see of Redis. Keys are spelled out.</summary>
internal abstract class LayoutUnderTest(IQueueStore store, IDatabase redis)
{
    public IQueueStore Store { get; } = store;

    protected IDatabase Redis { get; } = redis;

    /// <summary>Ids that wait, the next one first.</summary>
    public abstract Task<string[]> PendingAsync(string queue);

    public abstract Task<string[]> ActiveAsync();

    public abstract Task<(string Id, double Score)[]> ScheduledAsync();

    public abstract Task<(string Id, double Score)[]> RetryAsync();

    public abstract Task<(string Id, double Score)[]> ArchivedAsync();

    public abstract Task PauseAsync(string queue);

    /// <summary>Puts something into a queue that is no message.</summary>
    public abstract Task EnqueueGarbageAsync(string queue);

    /// <summary>Attempts that ended and that failed on a day.</summary>
    public abstract Task<(long Processed, long Failed)> CountersAsync(string day);

    /// <summary>Names of the servers on the list.</summary>
    public async Task<int> CountServersAsync() => (int)await Redis.SortedSetLengthAsync("asynq:servers");

    protected async Task<long> NumberAsync(string key) => (long)await Redis.StringGetAsync(key);
}
