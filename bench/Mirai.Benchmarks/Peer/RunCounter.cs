using System.Diagnostics;

namespace Mirai.Benchmarks.Peer;

/// <summary>Counts handler runs, and notes when the warm-up was over.</summary>
internal sealed class RunCounter(int total, int warmUp)
{
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long created = Stopwatch.GetTimestamp();
    private readonly TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
    private readonly long allocatedAtStart = GC.GetTotalAllocatedBytes(precise: true);
    private int runs;
    private (long At, TimeSpan Cpu, long Allocated)? warm;

    public int Runs => Volatile.Read(ref runs);

    public long FirstAt { get; private set; }

    public Task Finished => finished.Task;

    public void Count()
    {
        var run = Interlocked.Increment(ref runs);
        if (run == 1)
        {
            FirstAt = Stopwatch.GetTimestamp();
        }

        if (run == warmUp)
        {
            warm = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: false));
        }

        if (run == total)
        {
            finished.TrySetResult();
        }
    }

    /// <summary>When the warm-up was over, and what was spent since.</summary>
    public (long At, TimeSpan Cpu, long Allocated) SinceWarm()
    {
        var (at, cpu, allocated) = warm ?? (created, cpuAtStart, allocatedAtStart);
        return (at, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
