using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Taking;

/// <summary>The limit of a task type. A type is known only once its task is taken: a task too many is put off in
/// Redis, uncharged and without a lease, so that nothing is lost with this worker and others may run it when it is
/// due. This worker remembers the first of them and takes them back, before they are due, as soon as there is
/// room.</summary>
internal sealed class TypeLimit(int most, Action onRoom, TimeProvider time) : ConcurrencyLimit(most, onRoom)
{
    private const int MostRemembered = 1_000;

    // What was put off comes back at a rate that Redis does not notice, however long the queue is, and in its old
    // order.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Action onRoom = onRoom;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<WaitingTask>> waiting = new(StringComparer.Ordinal);
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

    /// <summary>When the next task that is put off becomes due by itself, in Unix seconds.</summary>
    public long NextDue()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var due = lastDue + Spacing;
            var (earliest, latest) = (now + ShortestPause, now + LongestPause);
            lastDue = due < earliest ? earliest : due > latest ? latest : due;

            return WireTime.ToSeconds(lastDue) + 1; // seconds are cut
        }
    }

    /// <summary>Remembers a task that Redis has put off.</summary>
    public void Remember(string queue, WaitingTask task)
    {
        lock (gate)
        {
            if (count >= MostRemembered)
            {
                ForgetDue();
            }

            if (count >= MostRemembered)
            {
                return;
            }

            if (!waiting.TryGetValue(queue, out var tasks))
            {
                waiting[queue] = tasks = new Queue<WaitingTask>();
            }

            tasks.Enqueue(task);
            count++;
        }

        Interlocked.MemoryBarrier(); // an attempt that leaves now sees the task, or its room is seen here
        if (Room > 0)
        {
            onRoom();
        }
    }

    /// <summary>Whether a task of this queue waits that there is room for.</summary>
    public bool HasRoomFor(string queue)
    {
        lock (gate)
        {
            return count > 0 && Room > 0 && waiting.ContainsKey(queue);
        }
    }

    /// <summary>Hands out tasks of a queue that there is room for, the oldest first, and forgets them.</summary>
    public void HandOut(string queue, int most, List<WaitingTask> into)
    {
        lock (gate)
        {
            if (count == 0)
            {
                return;
            }

            if (waiting.TryGetValue(queue, out var tasks))
            {
                HandOut(queue, tasks, Math.Min(most, Room), into);
            }

            if (count == 0)
            {
                lastDue = default; // the next one need not queue up behind those that are gone
            }
        }
    }

    protected override bool IsAwaited() => Volatile.Read(ref count) > 0;

    private void HandOut(string queue, Queue<WaitingTask> tasks, int most, List<WaitingTask> into)
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        for (var left = most; left > 0 && tasks.TryDequeue(out var task); count--)
        {
            if (task.Due > now) // otherwise it is pending again, or somebody runs it
            {
                into.Add(task);
                left--;
            }
        }

        if (tasks.Count == 0)
        {
            waiting.Remove(queue);
        }
    }

    private void ForgetDue()
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        foreach (var (queue, tasks) in waiting)
        {
            while (tasks.TryPeek(out var task) && task.Due <= now)
            {
                tasks.Dequeue();
                count--;
            }

            if (tasks.Count == 0)
            {
                waiting.Remove(queue);
            }
        }
    }
}
