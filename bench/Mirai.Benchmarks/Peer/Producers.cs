using System.Diagnostics;

namespace Mirai.Benchmarks.Peer;

/// <summary>Some producers that share a number of calls, each call awaited before its producer's next.</summary>
internal static class Producers
{
    /// <summary>Runs calls <paramref name="from"/> to <paramref name="to"/> (excluded).</summary>
    /// <param name="from">The first call.</param>
    /// <param name="to">Where to stop.</param>
    /// <param name="producers">How many at a time.</param>
    /// <param name="milliseconds">How long each call took, or <see langword="null"/>.</param>
    /// <param name="call">The call.</param>
    public static Task RunAsync(int from, int to, int producers, double[]? milliseconds, Func<int, Task> call)
    {
        var next = from - 1;
        return Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(ProduceAsync)));

        async Task ProduceAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < to; i = Interlocked.Increment(ref next))
            {
                var started = Stopwatch.GetTimestamp();
                await call(i);
                if (milliseconds is not null)
                {
                    milliseconds[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }
            }
        }
    }
}
