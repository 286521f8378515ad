using System.Globalization;
using System.Text.Json;

namespace Mirai.Benchmarks.Cache;

/// <summary><c>cache --redis host:port</c>: Mirai.Cache and FusionCache at the same work. Keys begin with
/// <c>bench:</c> and end after 5 minutes.</summary>
internal static class CacheProgram
{
    private static readonly Func<string, bool, IPeerCache>[] Peers =
        [(redis, local) => new MiraiPeer(redis, local), (redis, local) => new FusionPeer(redis, local)];

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--redis");
        var redis = at >= 0 && at + 1 < args.Length ? args[at + 1] : "127.0.0.1:6379";
        var work = new CacheWork(redis);
        var figures = new List<CacheFigures>();
        foreach (var peer in Peers)
        {
            figures.Add(await work.HitAsync(peer, hasLocalLevel: true));
            figures.Add(await work.HitAsync(peer, hasLocalLevel: false));
            figures.Add(await work.MissAsync(peer));
            figures.Add(await work.StampedeAsync(peer, instances: 1));
            figures.Add(await work.StampedeAsync(peer, instances: 4));
        }

        Print([.. figures.OrderBy(one => figures.FindIndex(other => other.Work == one.Work))]);
        return 0;
    }

    private static void Print(IReadOnlyList<CacheFigures> figures)
    {
        Console.WriteLine("| work | cache | calls | factory calls | median ms | p95 ms | bytes per call |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|");
        foreach (var one in figures)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Work} | {one.Cache} | {one.Calls} | {one.Factories} "
                + $"| {one.MedianMilliseconds:0.000} | {one.P95Milliseconds:0.000} | {one.BytesPerCall} |"));
        }

        Console.WriteLine();
        Console.WriteLine(
            JsonSerializer.Serialize(figures, CacheFiguresJsonContext.Default.IReadOnlyListCacheFigures));
    }
}
