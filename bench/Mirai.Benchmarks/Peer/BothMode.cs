using System.Diagnostics;
using System.Text.Json.Nodes;
using Mirai.Queue;

namespace Mirai.Benchmarks.Peer;

/// <summary>Producers and a worker in one process at the same time: a task's whole life, and what it
/// allocates.</summary>
internal static class BothMode
{
    public static async Task<JsonObject> RunAsync(PeerOptions options)
    {
        var counter = new RunCounter(options.Count, options.WarmUp);
        await using var host = new PeerHost(options, (_, _) =>
        {
            counter.Count();
            return Task.CompletedTask;
        });
        var payload = Payloads.Create(options.PayloadBytes);
        await host.StartAsync();
        await Producers.RunAsync(
            0, options.Count, options.Concurrency, milliseconds: null,
            _ => host.Client.EnqueueAsync(new QueueTask(PeerHost.TaskType, payload)));
        await counter.Finished.WaitAsync(TimeSpan.FromSeconds(options.TimeoutSeconds - 10));
        var end = Stopwatch.GetTimestamp();
        var (warm, cpu, allocated) = counter.SinceWarm();
        var measured = options.Count - options.WarmUp;
        await host.StopAsync();
        var info = await host.InfoAsync();

        return new JsonObject
        {
            ["ok"] = info.Size == 0 && counter.Runs == options.Count,
            ["left"] = info.Size,
            ["jobs_per_s"] = Math.Round(measured / Stopwatch.GetElapsedTime(warm, end).TotalSeconds, 1),
            ["cpu_us_per_job"] = Math.Round(cpu.TotalMicroseconds / measured, 3),
            ["allocated_bytes_per_job"] = allocated / measured,
            ["rss_peak_mb"] = ProcessMemory.Peak(),
        };
    }
}
