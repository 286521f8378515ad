using System.Reflection;
using System.Text.Json.Nodes;
using Mirai.Queue;

namespace Mirai.Benchmarks.Peer;

/// <summary>One run of the peer lab's contract: one JSON line on standard output.</summary>
internal static class PeerProgram
{
    private const int Unsupported = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = PeerOptions.Parse(args);
        var result = new JsonObject
        {
            ["peer"] = "mirai",
            ["version"] = Version(typeof(IQueueClient)),
            ["client"] = $"StackExchange.Redis {Version(typeof(StackExchange.Redis.IDatabase))}",
            ["runtime"] = $".NET {Environment.Version}",
            ["mode"] = options.Mode,
            ["n"] = options.Count,
            ["concurrency"] = options.Concurrency,
            ["payload_bytes"] = options.PayloadBytes,
            ["ok"] = false,
        };
        var measured = await MeasureAsync(options);
        if (measured is null)
        {
            result["unsupported"] = true;
            Console.WriteLine(result.ToJsonString());
            return Unsupported;
        }

        foreach (var (name, value) in measured.ToList())
        {
            result[name] = value?.DeepClone();
        }

        Console.WriteLine(result.ToJsonString());
        return (bool)result["ok"]! ? 0 : 1;
    }

    private static async Task<JsonObject?> MeasureAsync(PeerOptions options) => options.Mode switch
    {
        "enqueue" => await EnqueueMode.RunAsync(options, batch: 1),
        "enqueue-bulk" => await EnqueueMode.RunAsync(options, options.BatchSize),
        "process" => await ProcessMode.RunAsync(options),
        "latency" => await LatencyMode.RunAsync(options),
        "scheduled" => await ScheduledMode.RunAsync(options),
        "both" => await BothMode.RunAsync(options),
        _ => null,
    };

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "?";
}
