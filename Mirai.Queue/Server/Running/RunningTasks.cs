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

    /// <summary>Puts an attempt in a free slot. The attempt has entered its limits, and leaves them with the
    /// slot.</summary>
    public void Add(Attempt attempt, ConcurrencyLimit? queueLimit = null, ConcurrencyLimit? typeLimit = null)
    {
        lock (gate)
        {
            attempt.Slot = free.Pop();
            slots[attempt.Slot] = new Slot(attempt, queueLimit, typeLimit);
        }
    }

    /// <summary>Frees the slot of an attempt that is over.</summary>
    public void Remove(Attempt attempt)
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

    /// <summary>Counts the running attempts under new limits of their types.</summary>
    /// <param name="limitOf">Finds the limit of a task type.</param>
    public void Recount(Func<string, ConcurrencyLimit?> limitOf)
    {
        lock (gate)
        {
            foreach (ref var slot in slots.AsSpan())
            {
                var limit = slot.Attempt is { } attempt ? limitOf(attempt.Message.Type) : null;
                if (limit != slot.TypeLimit)
                {
                    limit?.Enter();
                    slot.TypeLimit?.Leave();
                    slot = slot with { TypeLimit = limit };
                }
            }
        }
    }

    /// <summary>Lists the attempts that run now.</summary>
    public List<Attempt> Snapshot()
    {
        lock (gate)
        {
            var attempts = new List<Attempt>(slots.Length - free.Count);
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

    /// <summary>Cancels the attempts of all tasks with this id: an id is unique in its queue only, and a cancellation
    /// names no queue.</summary>
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

    private readonly record struct Slot(Attempt? Attempt, ConcurrencyLimit? QueueLimit, ConcurrencyLimit? TypeLimit);
}
