using System.Diagnostics;
using System.Globalization;
using Mirai.Local.Redis;

namespace Mirai.Testing;

/// <summary>A PostgreSQL server of the tests' own: on 127.0.0.1, a free port, in a folder that goes with the
/// process.</summary>
public sealed class PostgreSqlServer
{
    /// <summary>Names a server to use instead, as a connection string; its user must be allowed to create
    /// databases.</summary>
    public const string Variable = "MIRAI_TEST_POSTGRES";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<string?>> Shared = new(StartAsync);

    /// <summary>The server of this process, started at the first call.</summary>
    /// <returns>A connection string without a database; <see langword="null"/> where there is no server.</returns>
    public static Task<string?> FindAsync() => Shared.Value;

    private static async Task<string?> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given;
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

        // A test's data may be lost with the power: what costs most is left out.
        await RunAsAsync(account, Path.Combine(programs, "pg_ctl"), "start", "-w", "-D", data,
            "-l", Path.Combine(folder, "log"), "-o", string.Create(CultureInfo.InvariantCulture,
                $"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=200"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(account, programs, folder, data);

        return string.Create(
            CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=mirai;Database=postgres");
    }

    /// <summary>Debian keeps them off the PATH.</summary>
    private static string? FindPrograms()
    {
        string[] debian = Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(one => Path.Combine(one, "bin"))]
            : [];

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(debian)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))
                && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static void Stop(string? account, string programs, string folder, string data)
    {
        RunAsAsync(account, Path.Combine(programs, "pg_ctl"), "stop", "-w", "-m", "immediate", "-D", data).Wait(Patience);
        Directory.Delete(folder, recursive: true);
    }

    // PostgreSQL refuses to run as root; the account is the one that Debian's package makes.
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
