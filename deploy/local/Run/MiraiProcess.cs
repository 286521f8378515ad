using System.Diagnostics;
using System.Globalization;
using Mirai.Local.Redis;

namespace Mirai.Local.Run;

/// <summary>One of Mirai's programs as a child process. This process prints its lines with its name in
/// front.</summary>
internal sealed class MiraiProcess : IAsyncDisposable
{
    // Longer than the time that the worker gives its handlers to end.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(45);

    private readonly Process process;
    private readonly string name;

    private MiraiProcess(Process process, string name)
    {
        this.process = process;
        this.name = name;
        Ended = process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended { get; }

    /// <summary>The message for a process that has ended before the run stopped it.</summary>
    public string EndedUnasked => string.Create(
        CultureInfo.InvariantCulture,
        $"The {name} ended by itself, with exit code {process.ExitCode}; its last lines say why.");

    public static MiraiProcess Start(string name, string assembly, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(DotNetHost.Executable, ["exec", assembly])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Print(name, line.Data);
        process.ErrorDataReceived += (_, line) => Print(name, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        return new MiraiProcess(process, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            UnixSignal.Send(process.Id, UnixSignal.Terminate);
        }

        try
        {
            await Ended.WaitAsync(StopTimeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Print(name, $"did not stop within {StopTimeout.TotalSeconds} s and is killed");
            process.Kill(entireProcessTree: true);
            await Ended;
        }

        process.Dispose();
    }

    private static void Print(string name, string? line)
    {
        if (line is not null)
        {
            Console.WriteLine($"[{name}] {line}");
        }
    }
}
