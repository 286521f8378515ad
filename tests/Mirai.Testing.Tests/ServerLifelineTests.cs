using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Mirai.Testing.Tests;

/// <summary>A Redis that a test has started ends with the process of the test, however that ends. The test runs itself
/// a second time, in a process that it kills.</summary>
[RequiresRedisServer]
internal sealed class ServerLifelineTests : RedisTest
{
    private const string Variable = "MIRAI_LIFELINE_VICTIM";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task TestRedis_EndsAndLeavesNoFolder_WhenItsProcessIsKilled()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file)
        {
            await BeVictimAsync(file);
        }

        file = Path.Combine(Path.GetTempPath(), $"mirai-lifeline-{Guid.NewGuid():N}");
        using var victim = StartVictim(file);
        var (serverId, folder) = await ReadAsync(file);
        using var server = Process.GetProcessById(serverId);

        victim.Kill(); // SIGKILL: nothing of the victim runs any more
        await server.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);

        await RedisWait.UntilAsync(() => Task.FromResult(!Directory.Exists(folder)), Patience, "the folder is gone");
        File.Delete(file);
    }

    private static async Task BeVictimAsync(string file)
    {
        var info = (string)(await Redis.ExecuteAsync("INFO", "server"))!;
        var folder = (string)(await Redis.ExecuteAsync("CONFIG", "GET", "dir"))[1]!;
        await File.WriteAllLinesAsync(
            file + ".new",
            [info.Split('\n').Single(line => line.StartsWith("process_id:", StringComparison.Ordinal))[11..], folder]);
        File.Move(file + ".new", file);
        await new TaskCompletionSource().Task;
    }

    private static Process StartVictim(string file)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Assembly.GetExecutingAssembly().Location, "--filter",
                $"FullyQualifiedName~{nameof(ServerLifelineTests)}",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = file;
        start.Environment["MIRAI_TEST_REDIS"] = "redis-server";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        return process;
    }

    private static async Task<(int ServerId, string Folder)> ReadAsync(string file)
    {
        await RedisWait.UntilAsync(() => Task.FromResult(File.Exists(file)), Patience, "the victim has a Redis");
        var lines = await File.ReadAllLinesAsync(file);

        return (int.Parse(lines[0], CultureInfo.InvariantCulture), lines[1]);
    }
}
