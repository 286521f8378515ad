using System.Globalization;
using System.Runtime.InteropServices;
using Mirai.Local.Redis;

namespace Mirai.Local.Run;

/// <summary>Runs Redis, an API and a worker on this machine until a signal stops them.</summary>
internal static class LocalRun
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = Stops(PosixSignal.SIGINT, stop);
        using var terminate = Stops(PosixSignal.SIGTERM, stop);
        using var hangUp = Stops(PosixSignal.SIGHUP, stop);
        try
        {
            await RunAsync(options, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (LocalRunException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    // The programs stop in the reverse order. The API stops first, so that no new tasks come. The worker then requeues
    // its tasks, for which it needs Redis, so Redis stops last. Ctrl-C in a terminal reaches API and worker, too: they
    // may stop at the same time. It does not reach Redis.
    private static async Task RunAsync(LocalOptions options, CancellationToken stop)
    {
        var tree = SourceTree.Find();
        var data = Directory.CreateDirectory(options.DataFolder ?? Path.Combine(tree.Root, ".local")).FullName;
        Ports.Require(options.Port, "the API", "--port");

        await using var redis = await RedisChoice.StartAsync(options.RedisPort, data);
        Console.WriteLine($"Redis: {redis.Description}");
        var environment = SharedSettings(redis, data);
        await using var worker = MiraiProcess.Start(
            "worker", tree.Assembly("Mirai.Worker"),
            new Dictionary<string, string>(environment) { ["Ops__Port"] = "0" });
        var api = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Port}"));
        await using var apiProcess = MiraiProcess.Start(
            "api", tree.Assembly("Mirai.Api"),
            new Dictionary<string, string>(environment)
            {
                ["ASPNETCORE_URLS"] = api.GetLeftPart(UriPartial.Authority),

                // Only this machine reaches the API, so callers need no key. Both names, whatever the shell has set.
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["DOTNET_ENVIRONMENT"] = "Development",
            });

        await UntilAnyEndsAsync([worker, apiProcess], GreetAsync(api, redis, stop), stop);
    }

    private static Dictionary<string, string> SharedSettings(IRedisServer redis, string data) => new()
    {
        [RedisChoice.Variable] = redis.Url,
        ["ConnectionStrings__Mirai"] = $"Data Source={Path.Combine(data, "mirai.db")}",
    };

    private static async Task GreetAsync(Uri api, IRedisServer redis, CancellationToken stop)
    {
        await ApiReady.WaitAsync(api, stop);
        Console.WriteLine(Greeting.Text(api, redis));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
    }

    private static async Task UntilAnyEndsAsync(MiraiProcess[] processes, Task greeting, CancellationToken stop)
    {
        var first = await Task.WhenAny([greeting, .. processes.Select(process => process.Ended)]);
        stop.ThrowIfCancellationRequested();
        if (processes.FirstOrDefault(process => process.Ended == first) is { } ended)
        {
            throw new LocalRunException(ended.EndedUnasked);
        }

        await greeting;
    }

    private static PosixSignalRegistration Stops(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}

/// <summary>The run cannot continue. The message is for the person who started it.</summary>
internal sealed class LocalRunException(string message) : Exception(message);

/// <summary>The options of the command.</summary>
/// <param name="Port">Port of the API.</param>
/// <param name="RedisPort">Port of the Redis that the run starts.</param>
/// <param name="DataFolder">The folder for data, or <see langword="null"/> for <c>.local</c> beside the
/// solution.</param>
internal sealed record LocalOptions(int Port, int RedisPort, string? DataFolder);
