using StackExchange.Redis;

namespace Mirai.Queue.Store;

/// <summary>What a take writes into the lease set for its tasks: when their lease ends, and which take it was.</summary>
/// <param name="Expiry">The end of the lease, in Unix seconds.</param>
/// <param name="Token">The token of the take, 1 to 1,048,575; 0 is the lease of a Go worker, which writes whole
/// seconds.</param>
internal readonly record struct LeaseStamp(long Expiry, int Token)
{
    // Unix seconds take 32 of the 53 bits that a score keeps exactly.
    private const int Tokens = 1 << 20;

    // Takes of this process have different tokens for a million takes; those of two processes almost always.
    private static uint last = (uint)Random.Shared.Next(Tokens);

    /// <summary>The score in the lease set: Redis and Go order it by its whole seconds.</summary>
    public double Score => Expiry + ((double)Token / Tokens);

    /// <summary>A lease without a token, as Go writes it.</summary>
    public static implicit operator LeaseStamp(long expiry) => new(expiry, 0);

    /// <summary>A new take.</summary>
    public static LeaseStamp Next(long expiry) => new(expiry, (int)(Interlocked.Increment(ref last) % (Tokens - 1)) + 1);
}

/// <summary>This worker's hold on a task. Server/Finishing/Lease.cs explains it.</summary>
internal class TaskLease
{
    /// <summary>The hold of the worker that took the task.</summary>
    public TaskLease(string queue, string taskId, LeaseStamp take, object? member = null)
        : this(queue, taskId, (RedisValue)take.Token, member)
    {
    }

    private TaskLease(string queue, string taskId, RedisValue fence, object? member) =>
        (Queue, TaskId, Fence, Member) = (queue, taskId, fence, member);

    public string Queue { get; }

    public string TaskId { get; }

    /// <summary>What the scripts compare with the score of the lease: the token of the take, which is its fraction, or
    /// the whole score.</summary>
    public RedisValue Fence { get; }

    /// <summary>What the store needs to find the task again, for a store that does not find it by its id;
    /// <see langword="null"/> otherwise. Only the store that took the task reads this object.</summary>
    public object? Member { get; }

    /// <summary>The hold of an observer, who ends what another worker began: it lasts while the lease is exactly as the
    /// observer saw it.</summary>
    public static TaskLease Seen(string queue, string taskId, double score, object? member = null) =>
        new(queue, taskId, (RedisValue)score, member);
}
