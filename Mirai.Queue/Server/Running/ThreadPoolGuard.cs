using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Server.Running;

/// <summary>Keeps threads free for heartbeats, timers and replies of Redis while handlers block threads of the pool.
/// When the pool runs nothing for half a second, the guard has the pool add as many threads as wait for one.</summary>
/// <remarks>The pool itself adds one or two threads a second: behind 64 handlers that block, renewals would wait for
/// longer than a lease lasts. A higher minimum from the start would cost every server that has no such handlers: the
/// pool would run more threads than processors. The guard has a thread of its own and waits on that thread, because
/// timers need a thread of the pool.</remarks>
/// <param name="mostBlocked">How many threads handlers may block.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ThreadPoolGuard(Func<int> mostBlocked, ILogger logger)
{
    private const int FewestAdded = 8;
    private const int MostAdded = 256;

    // Mirai's own need, beside the threads that handlers block.
    private const int Spare = 8;

    // A thread costs little until it runs; lowering the minimum and raising it again for each wave would cost more.
    private const int CalmChecks = 120;

    private const int LoggedWaits = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly ManualResetEventSlim stopping = new();
    private readonly ManualResetEventSlim ran = new();
    private Thread? thread;
    private int? minimumBefore;
    private int minimumSet;

    /// <summary>Starts the guard. A second call has no effect.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "Mirai thread pool guard" };
                thread.UnsafeStart();
            }
        }
    }

    /// <summary>Ends the guard and restores the minimum of the pool, within half a second.</summary>
    public void Stop() => stopping.Set();

    private void Run()
    {
        for (var calm = 0; !stopping.Wait(Patience);)
        {
            calm = IsPoolBusy() ? 0 : calm + 1;
            if (calm == CalmChecks)
            {
                Restore();
            }
        }

        Restore();
    }

    /// <returns>Whether a work item waited for longer than the patience. Does not return before it ran.</returns>
    private bool IsPoolBusy()
    {
        ran.Reset();
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Set(), ran, preferLocal: false);
        if (ran.Wait(Patience))
        {
            return false;
        }

        // A machine that is short of processors looks the same for a moment: that is not worth a line in the log.
        var waits = 0;
        do
        {
            AddThreads(isLogged: ++waits == LoggedWaits);
        }
        while (!ran.Wait(Patience) && !stopping.IsSet);

        return true;
    }

    private void AddThreads(bool isLogged)
    {
        ThreadPool.GetMinThreads(out var minimum, out var ports);
        ThreadPool.GetMaxThreads(out var maximum, out _);
        var before = minimumBefore ?? minimum;
        var waiting = (int)Math.Clamp(ThreadPool.PendingWorkItemCount, FewestAdded, MostAdded);
        var goal = Math.Min(ThreadPool.ThreadCount + waiting, before + mostBlocked() + Spare);
        goal = Math.Min(goal, maximum);
        if (isLogged)
        {
            LogBusy(logger, LoggedWaits * Patience, goal);
        }

        if (goal <= minimum || !ThreadPool.SetMinThreads(goal, ports))
        {
            return;
        }

        (minimumBefore, minimumSet) = (before, goal);
    }

    private void Restore()
    {
        ThreadPool.GetMinThreads(out var minimum, out var ports);
        if (minimumBefore is { } before && minimum == minimumSet) // else somebody else has set it since
        {
            ThreadPool.SetMinThreads(before, ports);
        }

        minimumBefore = null;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "No thread of the pool was free for {Patience}: handlers block threads. Mirai raises the minimum " +
            "of the pool to {Threads} threads until this has ended, so that leases are renewed. Handlers should " +
            "await instead of blocking")]
    private static partial void LogBusy(ILogger logger, TimeSpan patience, int threads);
}
