using System.Globalization;

namespace Mirai.Benchmarks.Peer;

/// <summary>The command line of the peer lab: <c>--name value</c> or <c>--name=value</c>.</summary>
internal sealed record PeerOptions(
    string Mode, string Redis, int Count, int Concurrency, int PayloadBytes, int BatchSize, int TimeoutSeconds,
    int LatencySeconds)
{
    public const int WarmUpMost = 500;

    /// <summary>Tasks that run before the clock starts: connections, JIT.</summary>
    public int WarmUp => Math.Min(WarmUpMost, Count / 10);

    public static PeerOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].TrimStart('-');
            var equals = name.IndexOf('=');
            if (equals >= 0)
            {
                values[name[..equals]] = name[(equals + 1)..];
            }
            else
            {
                values[name] = args[++i];
            }
        }

        int Number(string name, int standard) => values.TryGetValue(name, out var text)
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : standard;

        return new PeerOptions(
            values["mode"],
            values.GetValueOrDefault("redis", "127.0.0.1:6379"),
            Number("n", 20_000),
            Number("concurrency", 10),
            Number("payload-bytes", 200),
            Number("batch", 100),
            Number("timeout-s", 120),
            Number("latency-s", 10));
    }
}
