using System.Diagnostics;
using Mirai.Local.Redis;

namespace Mirai.Deploy.Tests.Docker;

/// <summary>A published program as its container runs it: the entry point and the environment of the Dockerfile, its
/// user, no capabilities, a working directory that cannot be written.</summary>
internal sealed class ContainedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private ContainedProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public static ContainedProcess Start(
        string program, string folder, string temporaryFolder, params (string Name, string Value)[] environment)
    {
        var dockerfile = Dockerfile.Read(program);
        var entryPoint = dockerfile.Find("ENTRYPOINT").Trim('[', ']').Split(',').Select(word => word.Trim(' ', '"'));
        string[] command = [.. AsUser(dockerfile.Find("USER")), .. entryPoint];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A container starts with the environment of its image, and nothing of this machine.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = "/home/app";
        start.Environment["TMPDIR"] = temporaryFolder;
        foreach (var (name, value) in dockerfile.Environment().Select(pair => (pair.Key, pair.Value)).Concat(environment))
        {
            start.Environment[name] = value;
        }

        return new ContainedProcess(Process.Start(start)!);
    }

    /// <summary>Stops the program as an orchestrator does.</summary>
    public async Task<(int ExitCode, string Output)> TerminateAsync()
    {
        UnixSignal.Send(process.Id, UnixSignal.Terminate);
        return await ExitAsync();
    }

    public async Task<(int ExitCode, string Output)> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    // Only root can change the user. Another user has no rights to give up.
    private static string[] AsUser(string user) => Environment.IsPrivilegedProcess
        ?
        [
            "setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs", "--inh-caps=-all",
            "--bounding-set=-all",
        ]
        : [];
}
