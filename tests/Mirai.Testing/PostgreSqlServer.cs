using System.Diagnostics;
using System.Globalization;
using Mirai.Local.Redis;

namespace Mirai.Testing;

/// <summary>The PostgreSQL server of the tests of this process. It listens on a free port of 127.0.0.1. Its folder is
/// deleted when the process ends.</summary>
public sealed class PostgreSqlServer
{
    /// <summary>Names a server to use instead, as a connection string whose user may create databases, or
    /// <c>none</c> for a run without PostgreSQL.</summary>
    public const string Variable = "MIRAI_TEST_POSTGRES";

    private const string None = "none";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<string?>> Shared = new(StartAsync);

    /// <summary>Whether this machine has a server or the programs of one.</summary>
    public static bool IsAvailable => Given is { } given ? given != None : FindPrograms() is not null;

    private static string? Given =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>Starts the server at the first call.</summary>
    /// <returns>A connection string without a database, or <see langword="null"/> when there is no server.</returns>
    public static Task<string?> FindAsync() => Shared.Value;

    private static async Task<string?> StartAsync()
    {
        if (Given is { } given)
        {
            return given == None ? null : given;
        }

        if (FindPrograms() is not { } programs)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("mirai-postgres-").FullName;
        var account = Environment.IsPrivilegedProcess ? "postgres" : null;
        if (account is not null)
        {
            await RunAsync("chown", account, folder);
        }

        var data = Path.Combine(folder, "data");
        var port = LoopbackPort.FindFree();
        await RunAsAsync(
            account, Path.Combine(programs, "initdb"), "-D", data, "-U", "mirai", "-A", "trust", "-E", "UTF8",
            "--no-sync", "--locale=C");

        // The data of a test need not survive a power failure.
        await RunAsAsync(account, Path.Combine(programs, "pg_ctl"), "start", "-w", "-D", data,
            "-l", Path.Combine(folder, "log"), "-o", string.Create(CultureInfo.InvariantCulture,
                $"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=200"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(account, programs, folder, data);

        return string.Create(
            CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=mirai;Database=postgres");
    }

    // Debian installs the programs of the server outside the PATH.
    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        string[] debian = Directory.Exists(Debian)
            ? [.. Directory.GetDirectories(Debian).OrderDescending().Select(version => Path.Combine(version, "bin"))]
            : [];

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(debian)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))
                && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static void Stop(string? account, string programs, string folder, string data)
    {
        var stop = RunAsAsync(
            account, Path.Combine(programs, "pg_ctl"), "stop", "-w", "-m", "immediate", "-D", data);
        stop.Wait(Patience);
        Directory.Delete(folder, recursive: true);
    }

    // PostgreSQL refuses to run as root. The package of Debian creates the account "postgres".
    private static Task RunAsAsync(string? account, string program, params string[] arguments) => account is null
        ? RunAsync(program, arguments)
        : RunAsync("setpriv", [$"--reuid={account}", $"--regid={account}", "--clear-groups", program, .. arguments]);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} ended with {process.ExitCode}: {await output}{await error}");
        }
    }
}
