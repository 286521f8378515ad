using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Mirai.Queue;

namespace Mirai.Benchmarks.Peer;

/// <summary>N tasks that are all due at one whole second: from then to the handler's start.</summary>
internal static class ScheduledMode
{
    private const int AheadSeconds = 3;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public static async Task<JsonObject> RunAsync(PeerOptions options)
    {
        var time = TimeProvider.System;
        var due = DateTimeOffset.MaxValue;
        var lateness = new double[options.Count];
        var counter = new RunCounter(options.Count, 0);
        Array.Fill(lateness, double.NaN);
        await using var host = new PeerHost(options, (context, _) =>
        {
            lateness[BinaryPrimitives.ReadInt32LittleEndian(context.Payload.Span)] = (time.GetUtcNow() - due).TotalMilliseconds;
            counter.Count();
            return Task.CompletedTask;
        });
        await host.StartAsync();
        await Task.Delay(Settle, time);

        var began = time.GetUtcNow();
        due = DateTimeOffset.FromUnixTimeSeconds(began.AddSeconds(AheadSeconds).ToUnixTimeSeconds() + 1);
        await Producers.RunAsync(0, options.Count, options.Concurrency, milliseconds: null, EnqueueAsync);
        var enqueued = time.GetUtcNow();
        await counter.Finished.WaitAsync(TimeSpan.FromSeconds(options.TimeoutSeconds - 20));

        var samples = new Percentiles(lateness.Where(value => !double.IsNaN(value)));
        return new JsonObject
        {
            ["ok"] = samples.Count == options.Count && enqueued < due,
            ["samples"] = samples.Count,
            ["enqueue_ms"] = Math.Round((enqueued - began).TotalMilliseconds, 1),
            ["p50_ms"] = samples[0.5],
            ["p90_ms"] = samples[0.9],
            ["p99_ms"] = samples[0.99],
            ["max_ms"] = samples[1],
            ["min_ms"] = samples[0],
        };

        Task EnqueueAsync(int index)
        {
            var payload = Payloads.Create(Math.Max(options.PayloadBytes, sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(payload, index);
            return host.Client.EnqueueAsync(
                new QueueTask(PeerHost.TaskType, payload), new EnqueueOptions { ProcessAt = due });
        }
    }
}
