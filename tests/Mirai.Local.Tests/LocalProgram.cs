using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Mirai.Local.Redis;
using Mirai.Local.Run;

namespace Mirai.Local.Tests;

/// <summary>The one-command run as a process, started as a person starts it after the build.</summary>
internal sealed class LocalProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly List<string> printed = [];
    private readonly Task<string> errors;

    private readonly int redisPort;
    private readonly string data;

    private LocalProgram(Process process, int port, int redisPort, string data)
    {
        this.process = process;
        this.redisPort = redisPort;
        this.data = data;
        Client = new HttpClient
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            Timeout = Patience,
        };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        errors = process.StandardError.ReadToEndAsync();
    }

    public HttpClient Client { get; }

    public static LocalProgram Start(
        int port, int redisPort, string data, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(
            DotNetHost.Executable,
            ["exec", Assembly(), "--port", $"{port}", "--redis-port", $"{redisPort}", "--data", data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("REDIS_URL");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new LocalProgram(Process.Start(start)!, port, redisPort, data);
    }

    /// <summary>Reads until a line contains a text.</summary>
    /// <exception cref="AssertionException">The program ended before; the message has what it printed.</exception>
    public async Task<string> WaitForLineAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await foreach (var line in lines.Reader.ReadAllAsync(timeout.Token))
        {
            printed.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new AssertionException($"'{text}' was never printed, but: {string.Join('\n', printed)}\n{await errors}");
    }

    /// <summary>Does to this process what Ctrl-C does, and waits until it has ended.</summary>
    public async Task<int> InterruptAsync()
    {
        UnixSignal.Send(process.Id, UnixSignal.Interrupt);
        return await WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode;
    }

    public Task<string> ReadErrorsAsync() => errors;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!process.HasExited)
            {
                await InterruptAsync();
            }
        }
        finally
        {
            Leftovers.Kill(data, redisPort);
            Client.Dispose();
            process.Dispose();
        }
    }

    private static string Assembly()
    {
        var own = AppContext.BaseDirectory;
        var tests = own[..own.LastIndexOf(
            $"{Path.DirectorySeparatorChar}Mirai.Local.Tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal)];
        var output = Path.GetRelativePath(Path.Combine(tests, "Mirai.Local.Tests"), own);
        return Path.GetFullPath(Path.Combine(tests, "..", "deploy", "local", output, "Mirai.Local.dll"));
    }

    private void Write(string? line)
    {
        if (line is null)
        {
            lines.Writer.TryComplete();
        }
        else
        {
            lines.Writer.TryWrite(line);
        }
    }
}
