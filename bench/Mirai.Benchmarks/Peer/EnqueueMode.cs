using System.Diagnostics;
using System.Text.Json.Nodes;
using Mirai.Queue;

namespace Mirai.Benchmarks.Peer;

/// <summary>N tasks by C producers, one or K a call; leaves them queued.</summary>
internal static class EnqueueMode
{
    public static async Task<JsonObject> RunAsync(PeerOptions options, int batch)
    {
        await using var host = new PeerHost(options);
        var payload = Payloads.Create(options.PayloadBytes);
        var calls = (options.Count + batch - 1) / batch;
        var warmCalls = batch == 1 ? options.WarmUp : Math.Min(PeerOptions.WarmUpMost / batch, calls / 10);
        var milliseconds = new double[calls];

        var start = Stopwatch.GetTimestamp();
        await Producers.RunAsync(0, warmCalls, options.Concurrency, milliseconds, CallAsync);
        var warm = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        await Producers.RunAsync(warmCalls, calls, options.Concurrency, milliseconds, CallAsync);
        var seconds = Stopwatch.GetElapsedTime(warm).TotalSeconds;
        var measured = options.Count - (warmCalls * batch);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        var queued = (await host.InfoAsync()).Pending;
        var perCall = new Percentiles(milliseconds.Skip(warmCalls));
        return new JsonObject
        {
            ["ok"] = queued == options.Count,
            ["queued"] = queued,
            ["batch"] = batch,
            ["jobs_per_s"] = Math.Round(measured / seconds, 1),
            ["jobs_per_s_all"] = Math.Round(options.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
            ["p50_ms"] = perCall[0.5],
            ["p99_ms"] = perCall[0.99],
            ["max_ms"] = perCall[1],
            ["cpu_us_per_job"] = Math.Round((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / measured, 3),
            ["allocated_bytes_per_job"] = allocated / measured,
            ["rss_peak_mb"] = ProcessMemory.Peak(),
        };

        Task CallAsync(int call) => batch == 1
            ? host.Client.EnqueueAsync(new QueueTask(PeerHost.TaskType, payload))
            : EnqueueManyAsync(Math.Min(batch, options.Count - (call * batch)));

        async Task EnqueueManyAsync(int count)
        {
            var tasks = new QueueTask[count];
            for (var i = 0; i < count; i++)
            {
                tasks[i] = new QueueTask(PeerHost.TaskType, payload);
            }

            var results = await host.Client.EnqueueManyAsync(tasks);
            if (results.Any(result => result.Status != EnqueueStatus.Enqueued))
            {
                throw new InvalidOperationException("A task was not enqueued.");
            }
        }
    }
}
