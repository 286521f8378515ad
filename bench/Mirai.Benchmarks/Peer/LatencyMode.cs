using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Mirai.Queue;

namespace Mirai.Benchmarks.Peer;

/// <summary>An idle worker, one task every 50 ms: from the moment before the enqueue call to the handler's
/// start.</summary>
internal static class LatencyMode
{
    private const int EveryMilliseconds = 50;
    private const int Dropped = 20;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public static async Task<JsonObject> RunAsync(PeerOptions options)
    {
        var total = Dropped + (options.LatencySeconds * 1000 / EveryMilliseconds);
        var sentAt = new long[total];
        var latency = new double[total];
        var call = new double[total];
        var counter = new RunCounter(total, 0);
        Array.Fill(latency, double.NaN);
        await using var host = new PeerHost(options, (context, _) =>
        {
            var index = BinaryPrimitives.ReadInt32LittleEndian(context.Payload.Span);
            latency[index] = Stopwatch.GetElapsedTime(Volatile.Read(ref sentAt[index])).TotalMilliseconds;
            counter.Count();
            return Task.CompletedTask;
        });
        await host.StartAsync();
        await Task.Delay(Settle, TimeProvider.System);

        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < total; i++)
        {
            var wait = TimeSpan.FromMilliseconds(i * EveryMilliseconds) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System);
            }

            var payload = Payloads.Create(Math.Max(options.PayloadBytes, sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(payload, i);
            Volatile.Write(ref sentAt[i], Stopwatch.GetTimestamp());
            await host.Client.EnqueueAsync(new QueueTask(PeerHost.TaskType, payload));
            call[i] = Stopwatch.GetElapsedTime(sentAt[i]).TotalMilliseconds;
        }

        await counter.Finished.WaitAsync(TimeSpan.FromSeconds(30));
        var samples = new Percentiles(latency.Skip(Dropped).Where(value => !double.IsNaN(value)));
        return new JsonObject
        {
            ["ok"] = samples.Count == total - Dropped,
            ["samples"] = samples.Count,
            ["p50_ms"] = samples[0.5],
            ["p90_ms"] = samples[0.9],
            ["p99_ms"] = samples[0.99],
            ["max_ms"] = samples[1],
            ["min_ms"] = samples[0],
            ["enqueue_p50_ms"] = new Percentiles(call.Skip(Dropped))[0.5],
        };
    }
}
