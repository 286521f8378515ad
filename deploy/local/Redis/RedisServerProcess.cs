using System.Diagnostics;
using System.Globalization;

namespace Mirai.Local.Redis;

/// <summary>A <c>redis-server</c> that this process has started, with a port of 127.0.0.1 and a folder of its
/// own.</summary>
/// <remarks>The server is a daemon in its own session: Ctrl-C in the terminal does not reach it, so that it still runs
/// while API and worker stop. The server writes its process id into the folder. A temporary server ends with this
/// process.</remarks>
public sealed class RedisServerProcess : IRedisServer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly string executable;
    private readonly string[] settings;
    private readonly bool deletesFolder;
    private readonly Lifeline? lifeline;
    private Process? process;

    private RedisServerProcess(string executable, int port, string folder, bool deletesFolder, string[] settings)
    {
        this.executable = executable;
        this.settings = settings;
        this.deletesFolder = deletesFolder;
        Port = port;
        Folder = folder;
        if (deletesFolder)
        {
            AppDomain.CurrentDomain.ProcessExit += KillAtExit;
            lifeline = Lifeline.Tie(PidFile, Path.GetFileName(executable), folder);
        }
    }

    public int Port { get; }

    public string Folder { get; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public string Description => $"redis-server on {Url}, data in {Folder}";

    private string PidFile => Path.Combine(Folder, "redis.pid");

    /// <summary>The id of the process.</summary>
    public int ProcessId => process?.Id ?? throw new InvalidOperationException("The Redis server is not running.");

    /// <summary>Finds <c>redis-server</c> on the PATH, or returns <see langword="null"/>.</summary>
    public static string? FindExecutable() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => (string[])
            [Path.Combine(folder, "redis-server"), Path.Combine(folder, "redis-server.exe")])
        .FirstOrDefault(File.Exists);

    /// <summary>Starts a server that keeps its data in a folder: a restart loses nothing.</summary>
    public static Task<RedisServerProcess> StartDurableAsync(string executable, int port, string folder) => StartAsync(
        new RedisServerProcess(
            executable, port, Directory.CreateDirectory(folder).FullName, deletesFolder: false,
            [
                "--appendonly", "yes", "--appendfsync", "everysec",

                // As in deploy/redis/redis.conf, by the name that Redis 6.2 also knows.
                "--hash-max-ziplist-value", "1024",
            ]));

    /// <summary>Starts a server for a test. Disposal deletes its folder.</summary>
    /// <param name="executable">The program.</param>
    /// <param name="settings">Further settings, for instance <c>--appendonly yes</c>.</param>
    public static Task<RedisServerProcess> StartTemporaryAsync(string executable, params string[] settings) =>
        StartAsync(
        new RedisServerProcess(
            executable, LoopbackPort.FindFree(), Directory.CreateTempSubdirectory("mirai-redis-").FullName,
            deletesFolder: true, ["--save", "", .. settings]));

    /// <summary>Starts a sentinel for a test. Disposal deletes its folder.</summary>
    /// <param name="executable">The program.</param>
    /// <param name="configuration">What the sentinel watches, as lines of its configuration file.</param>
    public static async Task<RedisServerProcess> StartSentinelAsync(string executable, string configuration)
    {
        var folder = Directory.CreateTempSubdirectory("mirai-sentinel-").FullName;
        var file = Path.Combine(folder, "sentinel.conf");
        await File.WriteAllTextAsync(file, configuration).ConfigureAwait(false);

        return await StartAsync(new RedisServerProcess(
            executable, LoopbackPort.FindFree(), folder, deletesFolder: true,
            [file, "--sentinel"])).ConfigureAwait(false);
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, with the same port
    /// and data.</summary>
    public async Task StartAgainAsync()
    {
        if (process is not null)
        {
            throw new InvalidOperationException("The Redis server is already running.");
        }

        File.Delete(PidFile);
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        using var parent = Process.Start(start)!;
        await parent.WaitForExitAsync().ConfigureAwait(false);
        if (parent.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"redis-server did not start: {await ReadErrorAsync(parent).ConfigureAwait(false)}");
        }

        await RedisPing.WaitAsync(Port, StartTimeout, hasEnded: () => false).ConfigureAwait(false);
        process = Process.GetProcessById(
            int.Parse(await File.ReadAllTextAsync(PidFile).ConfigureAwait(false), CultureInfo.InvariantCulture));
    }

    /// <summary>Stops the server after it has written its data.</summary>
    public async Task StopAsync()
    {
        if (process is { } running)
        {
            UnixSignal.Send(running.Id, UnixSignal.Terminate);
            await WaitForEndAsync(running).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the server as a crash does.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            running.Kill();
            await WaitForEndAsync(running).ConfigureAwait(false);
        }
    }

    /// <summary>Freezes the server: connections stay open, and nothing answers.</summary>
    public void Freeze() => UnixSignal.Send(ProcessId, UnixSignal.Stop);

    /// <summary>Lets a frozen server continue.</summary>
    public void Thaw() => UnixSignal.Send(ProcessId, UnixSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (deletesFolder)
        {
            AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
            lifeline?.Dispose();
            if (Directory.Exists(Folder)) // no lifeline has deleted it
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
    }

    private static async Task<RedisServerProcess> StartAsync(RedisServerProcess server)
    {
        await server.StartAgainAsync().ConfigureAwait(false);
        return server;
    }

    // A test program that is interrupted disposes nothing.
    private void KillAtExit(object? sender, EventArgs e) => process?.Kill();

    private static async Task<string> ReadErrorAsync(Process parent) =>
        (await parent.StandardOutput.ReadToEndAsync().ConfigureAwait(false)
            + await parent.StandardError.ReadToEndAsync().ConfigureAwait(false)).Trim();

    private string[] Arguments() =>
    [
        .. settings,
        "--port", Port.ToString(CultureInfo.InvariantCulture),
        "--bind", "127.0.0.1",
        "--dir", Folder,
        "--daemonize", "yes",
        "--pidfile", PidFile,
        "--logfile", Path.Combine(Folder, "redis.log"),
    ];

    // A daemon is not a child of this process: only the list of processes shows that it has ended.
    private async Task WaitForEndAsync(Process running)
    {
        process = null;
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await running.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            running.Kill();
        }

        running.Dispose();
    }
}
