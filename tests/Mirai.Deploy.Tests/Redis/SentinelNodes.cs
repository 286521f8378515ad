using System.Diagnostics;
using System.Globalization;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>The three pods of the overlay <c>sentinel</c> on this machine: each a Redis started by <c>node.sh</c> and
/// a sentinel started by <c>sentinel.sh</c>.</summary>
internal sealed class SentinelNodes : IAsyncDisposable
{
    private const int Count = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Users =
        ["admin", "mirai-api", "mirai-worker", "replica", "sentinel", "sentinel-peer", "sentinel-client"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mirai-deploy-sentinel-");
    private readonly int[] ports = [.. Enumerable.Range(0, Count).Select(_ => LoopbackPort.FindFree())];
    private readonly int[] sentinelPorts = [.. Enumerable.Range(0, Count).Select(_ => LoopbackPort.FindFree())];
    private readonly Process?[] nodes = new Process?[Count];
    private readonly List<Process> sentinels = [];

    private SentinelNodes()
    {
        folder.CreateSubdirectory("passwords");
        foreach (var user in Users)
        {
            File.WriteAllText(Path.Combine(folder.FullName, "passwords", user), $"password-of-{user}\n");
        }
    }

    public static async Task<SentinelNodes> StartAsync()
    {
        var started = new SentinelNodes();
        try
        {
            for (var i = 0; i < Count; i++)
            {
                started.StartSentinel(i);
                started.StartNode(i);
            }

            await RedisWait.UntilAsync(started.AreReplicasConnectedAsync, Patience, "the first node has two replicas");
            await RedisWait.UntilAsync(started.KnowEachOtherAsync, Patience, "the sentinels know each other");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address for a program, as the overlay writes it.</summary>
    public string Url(string user) =>
        $"redis-sentinel://sentinel-client:password-of-sentinel-client@{string.Join(',', sentinelPorts.Select(Address))}"
        + $"/0?master=mirai&user={user}&password=password-of-{user}";

    public Task<ConnectionMultiplexer> ConnectAsync(int node) => TestRedis.ConnectAsync(
        $"redis://admin:password-of-admin@{Address(ports[node])}/0");

    public void StartNode(int node) => nodes[node] = Start(node, "node.sh",
    [
        "--port", Text(ports[node]), "--bind", "127.0.0.1", "--dir", FolderOf(node).FullName,
        "--logfile", Path.Combine(FolderOf(node).FullName, "redis.log"), "--repl-diskless-sync-delay", "0",
    ]);

    /// <summary>Ends a node as the loss of its machine does.</summary>
    public async Task KillNodeAsync(int node)
    {
        await EndAsync(nodes[node]!);
        nodes[node] = null;
    }

    public async Task<string> RoleAsync(int node)
    {
        await using var admin = await ConnectAsync(node);
        return ((RedisResult[])(await admin.GetDatabase().ExecuteAsync("ROLE"))!)[0].ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in sentinels.Concat(nodes.OfType<Process>()))
        {
            await EndAsync(process);
        }

        folder.Delete(recursive: true);
    }

    private void StartSentinel(int node) => sentinels.Add(
        Start(node, "sentinel.sh", [FolderOf(node).FullName, "127.0.0.1", Text(sentinelPorts[node])]));

    private Process Start(int node, string script, string[] arguments)
    {
        var start = new ProcessStartInfo("sh", [SourceFiles.Find("deploy", "redis", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDIS_PASSWORDS"] = Path.Combine(folder.FullName, "passwords");
        start.Environment["REDIS_RUN"] = FolderOf(node).FullName;
        start.Environment["REDIS_SELF"] = $"127.0.0.1 {Text(ports[node])}";
        start.Environment["REDIS_FIRST"] = $"127.0.0.1 {Text(ports[0])}";
        start.Environment["REDIS_SENTINELS"] = string.Join(' ', sentinelPorts.Select(Address));
        start.Environment["SENTINEL_DOWN_AFTER"] = "1000";
        var process = Process.Start(start)!;

        // A process that writes into a full pipe blocks, so read what the process prints.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> AreReplicasConnectedAsync() => await AskAsync(
        Address(ports[0]), "admin", "INFO", "replication") is { } answer
            && answer.Contains("connected_slaves:2", StringComparison.Ordinal);

    private async Task<bool> KnowEachOtherAsync()
    {
        foreach (var port in sentinelPorts)
        {
            var answer = await AskAsync(Address(port), "sentinel-peer", "INFO", "sentinel");
            if (answer?.Contains("status=ok", StringComparison.Ordinal) != true
                || !answer.Contains("slaves=2,sentinels=3", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<string?> AskAsync(string address, string user, params string[] command)
    {
        try
        {
            await using var console = await RedisConsole.ConnectAsync(
                int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture), user, $"password-of-{user}");
            return await console.AskAsync(command);
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or InvalidOperationException)
        {
            return null;
        }
    }

    private DirectoryInfo FolderOf(int node) => folder.CreateSubdirectory(Text(node));

    private static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string Address(int port) => $"127.0.0.1:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
