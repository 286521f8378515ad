using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Mirai.Benchmarks.Peer;

/// <summary>One worker with a no-op handler, until the N tasks an earlier run left are acknowledged.</summary>
internal static class ProcessMode
{
    public static async Task<JsonObject> RunAsync(PeerOptions options)
    {
        var counter = new RunCounter(options.Count, options.WarmUp);
        await using var host = new PeerHost(options, (_, _) =>
        {
            counter.Count();
            return Task.CompletedTask;
        });
        var before = await host.InfoAsync();
        if (before.Pending != options.Count)
        {
            throw new InvalidOperationException($"Expected {options.Count} pending tasks, found {before.Pending}.");
        }

        var rssBase = ProcessMemory.Current();
        var start = Stopwatch.GetTimestamp();
        await host.StartAsync();
        await counter.Finished.WaitAsync(TimeSpan.FromSeconds(options.TimeoutSeconds - 10));

        // The last handler has run; the clock stops when Redis has the last acknowledgement.
        while ((await host.InfoAsync()).ProcessedTotal < before.ProcessedTotal + options.Count)
        {
            // Asking again is the wait: every question is a round trip.
        }

        var end = Stopwatch.GetTimestamp();
        var (warm, cpu, allocated) = counter.SinceWarm();
        var rssPeak = ProcessMemory.Peak();
        var after = await host.InfoAsync();
        var left = after.Pending + after.Active + after.Retry + after.Archived;
        var measured = options.Count - options.WarmUp;
        await host.StopAsync();

        return new JsonObject
        {
            ["ok"] = left == 0 && counter.Runs == options.Count,
            ["left"] = left,
            ["handled"] = counter.Runs,
            ["jobs_per_s"] = Math.Round(measured / Stopwatch.GetElapsedTime(warm, end).TotalSeconds, 1),
            ["jobs_per_s_all"] = Math.Round(options.Count / Stopwatch.GetElapsedTime(start, end).TotalSeconds, 1),
            ["first_job_ms"] = Math.Round(Stopwatch.GetElapsedTime(start, counter.FirstAt).TotalMilliseconds, 3),
            ["cpu_us_per_job"] = Math.Round(cpu.TotalMicroseconds / measured, 3),
            ["allocated_bytes_per_job"] = allocated / measured,
            ["gc_count"] = GC.CollectionCount(0),
            ["gc_pause_ms"] = Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds, 1),
            ["rss_base_mb"] = rssBase,
            ["rss_peak_mb"] = rssPeak,
        };
    }
}
