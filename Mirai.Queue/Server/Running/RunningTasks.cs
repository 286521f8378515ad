using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Server.Running;

/// <summary>The slots of a server and the attempts in them.</summary>
internal sealed class RunningTasks
{
    private readonly Lock gate = new();
    private readonly Slot[] slots;
    private readonly Stack<int> free;
    private readonly AsyncSignal freed = new();
    private TaskCompletionSource? emptied;

    public RunningTasks(int concurrency)
    {
        slots = new Slot[concurrency];
        free = new Stack<int>(Enumerable.Range(0, concurrency));
    }

    /// <summary>How many more tasks may run.</summary>
    public int Free
    {
        get
        {
            lock (gate)
            {
                return free.Count;
            }
        }
    }

    /// <summary>How many tasks run.</summary>
    public int Count => slots.Length - Free;

    /// <summary>Puts an attempt in a free slot. It has entered its limits, and leaves them with the slot.</summary>
    public void Add(TaskAttempt attempt, ConcurrencyLimit? queueLimit = null, TypeLimit? typeLimit = null)
    {
        lock (gate)
        {
            attempt.Slot = free.Pop();
            slots[attempt.Slot] = new Slot(attempt, queueLimit, typeLimit);
        }
    }

    /// <summary>Frees the slot of an attempt that is over.</summary>
    public void Remove(TaskAttempt attempt)
    {
        lock (gate)
        {
            ref var slot = ref slots[attempt.Slot];
            slot.QueueLimit?.Leave();
            slot.TypeLimit?.Leave();
            slot = default;
            free.Push(attempt.Slot);
            if (free.Count == slots.Length)
            {
                emptied?.TrySetResult();
                emptied = null;
            }
        }

        freed.Set();
    }

    /// <summary>Counts the running attempts under other limits of their types.</summary>
    public void Recount(TypeLimits? types)
    {
        lock (gate)
        {
            foreach (ref var slot in slots.AsSpan())
            {
                var limit = slot.Attempt is { } attempt ? types?.Find(attempt.Message.Type) : null;
                if (limit != slot.TypeLimit)
                {
                    limit?.Enter();
                    slot.TypeLimit?.Leave();
                    slot = slot with { TypeLimit = limit };
                }
            }
        }
    }

    /// <summary>Every attempt that runs now.</summary>
    public List<TaskAttempt> Snapshot()
    {
        lock (gate)
        {
            var attempts = new List<TaskAttempt>(slots.Length - free.Count);
            foreach (var slot in slots)
            {
                if (slot.Attempt is { } attempt)
                {
                    attempts.Add(attempt);
                }
            }

            return attempts;
        }
    }

    /// <summary>Cancels every attempt at tasks with this id: ids are unique in their queue only, and cancellations
    /// name no queue.</summary>
    public void Cancel(string taskId, CancelReason reason)
    {
        foreach (var attempt in Snapshot().Where(attempt => attempt.TaskId == taskId))
        {
            attempt.Cancel(reason);
        }
    }

    /// <summary>Waits for a free slot.</summary>
    public async ValueTask WaitForFreeAsync(CancellationToken cancellationToken)
    {
        while (Free == 0)
        {
            await freed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when no task runs.</summary>
    public Task WhenEmpty()
    {
        lock (gate)
        {
            if (free.Count == slots.Length)
            {
                return Task.CompletedTask;
            }

            return (emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private readonly record struct Slot(TaskAttempt? Attempt, ConcurrencyLimit? QueueLimit, TypeLimit? TypeLimit);
}
