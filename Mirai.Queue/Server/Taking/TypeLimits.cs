using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Taking;

/// <summary>The limits of all task types that have one. A limit holds for a worker, whatever queues the tasks come
/// from.</summary>
internal sealed class TypeLimits(IReadOnlyDictionary<string, TypeLimit> limits)
{
    private readonly PatternMap<TypeLimit> byPattern = new(limits);
    private readonly TypeLimit[] all = [.. limits.Values];

    /// <summary>Finds the limit of a task type; <see langword="null"/> when there is none.</summary>
    public TypeLimit? Find(string taskType) => byPattern.TryFind(taskType, out var limit) ? limit : null;

    /// <summary>Whether a deferred task of this queue may run now.</summary>
    public bool HaveRoomFor(string queue) => Array.Exists(all, limit => limit.HasRoomFor(queue));

    /// <summary>Removes and returns deferred tasks of a queue that may run now.</summary>
    public IReadOnlyList<WaitingTask> Remove(string queue, int max)
    {
        if (!HaveRoomFor(queue))
        {
            return [];
        }

        var tasks = new List<WaitingTask>();
        foreach (var limit in all)
        {
            limit.Remove(queue, max - tasks.Count, tasks);
        }

        return tasks;
    }
}

/// <summary>The limit of a task type. The type of a task is known only when the task has been taken: a task above the
/// limit is deferred in Redis, uncharged and without a lease, so that the task does not depend on this worker and any
/// worker may run it when it is due. This worker remembers the first of them, and takes them before they are due as
/// soon as there is room.</summary>
internal sealed class TypeLimit(int max, Action onRoom, TimeProvider time) : ConcurrencyLimit(max, onRoom)
{
    private const int MaxRemembered = 1_000;

    // Deferred tasks become due in their old order, and at a rate that is light work for Redis, however long the queue
    // is.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Action onRoom = onRoom;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<WaitingTask>> deferred = new(StringComparer.Ordinal);
    private DateTimeOffset lastDue;
    private int count;

    /// <summary>Lets an attempt in, if there is room.</summary>
    public bool TryEnter()
    {
        if (Room <= 0)
        {
            return false;
        }

        Enter();
        return true;
    }

    /// <summary>When the next deferred task becomes due by itself, in Unix seconds.</summary>
    public long NextDue()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var due = lastDue + Spacing;
            var (earliest, latest) = (now + ShortestPause, now + LongestPause);
            lastDue = due < earliest ? earliest : due > latest ? latest : due;

            return WireTime.ToSeconds(lastDue) + 1; // ToSeconds rounds down
        }
    }

    /// <summary>Remembers a task that is deferred in Redis.</summary>
    public void Remember(string queue, WaitingTask task)
    {
        lock (gate)
        {
            if (count >= MaxRemembered)
            {
                ForgetDue();
            }

            if (count >= MaxRemembered)
            {
                return;
            }

            if (!deferred.TryGetValue(queue, out var tasks))
            {
                deferred[queue] = tasks = new Queue<WaitingTask>();
            }

            tasks.Enqueue(task);
            count++;
        }

        Interlocked.MemoryBarrier(); // an attempt that leaves now sees the task, or this thread sees its room
        if (Room > 0)
        {
            onRoom();
        }
    }

    /// <summary>Whether a deferred task of this queue may run now.</summary>
    public bool HasRoomFor(string queue)
    {
        lock (gate)
        {
            return count > 0 && Room > 0 && deferred.ContainsKey(queue);
        }
    }

    /// <summary>Removes deferred tasks of a queue that may run now, the oldest first.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="most">How many tasks to remove at most.</param>
    /// <param name="into">Receives the tasks.</param>
    public void Remove(string queue, int most, List<WaitingTask> into)
    {
        lock (gate)
        {
            if (count == 0)
            {
                return;
            }

            if (deferred.TryGetValue(queue, out var tasks))
            {
                Remove(queue, tasks, Math.Min(most, Room), into);
            }

            if (count == 0)
            {
                lastDue = default; // the next deferred task need not wait behind tasks that are gone
            }
        }
    }

    protected override bool IsAwaited() => Volatile.Read(ref count) > 0;

    private void Remove(string queue, Queue<WaitingTask> tasks, int most, List<WaitingTask> into)
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        for (var left = most; left > 0 && tasks.TryDequeue(out var task); count--)
        {
            if (task.Due > now) // otherwise the task is pending again, or runs already
            {
                into.Add(task);
                left--;
            }
        }

        if (tasks.Count == 0)
        {
            deferred.Remove(queue);
        }
    }

    private void ForgetDue()
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        foreach (var (queue, tasks) in deferred)
        {
            while (tasks.TryPeek(out var task) && task.Due <= now)
            {
                tasks.Dequeue();
                count--;
            }

            if (tasks.Count == 0)
            {
                deferred.Remove(queue);
            }
        }
    }
}

/// <summary>The lease of a task that is being deferred, because its type is at its limit.</summary>
internal sealed class DeferredLease(string queue, TakenTask task, LeaseStamp take, TypeLimit limit)
    : TaskLease(queue, task.Id, take, task.Member)
{
    public TypeLimit Limit { get; } = limit;
}
