using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Mirai.Local.Redis;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>The built driver as a process of its own. Disposing kills it if it still runs.</summary>
internal sealed class DriverProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Channel<JsonObject> lines = Channel.CreateUnbounded<JsonObject>();
    private readonly Task reading;
    private readonly Task<string> errors;

    private DriverProcess(Process process)
    {
        this.process = process;
        reading = ReadAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts a command.</summary>
    public static DriverProcess Start(params IEnumerable<string> args) => Start([], args);

    /// <summary>Starts a command with further environment variables.</summary>
    public static DriverProcess Start(
        IEnumerable<KeyValuePair<string, string>> environment, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(DotnetHost)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(Folder, "Mirai.Queue.Driver.dll"));
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new DriverProcess(Process.Start(start)!);
    }

    /// <summary>Starts a command and waits until it has ended.</summary>
    public static async Task<DriverResult> RunAsync(params IEnumerable<string> args)
    {
        await using var driver = Start(args);
        return await driver.WaitAsync();
    }

    /// <summary>The next object that it prints.</summary>
    public Task<JsonObject> ReadLineAsync() => lines.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>How, and the objects that nobody has read.</returns>
    public async Task<DriverResult> WaitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        await reading.WaitAsync(Patience);
        var rest = await lines.Reader.ReadAllAsync().ToListAsync();

        return new DriverResult(process.ExitCode, rest, await errors.WaitAsync(Patience));
    }

    /// <summary>Sends one of the signals of <see cref="UnixSignal"/>.</summary>
    public void Signal(int signal)
    {
        Assert.That(HasExited, Is.False, "The driver ended before the signal.");
        UnixSignal.Send(Id, signal);
    }

    /// <summary>Ends it as a crash does: <c>kill -9</c>.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Kill();
            await process.WaitForExitAsync().WaitAsync(Patience);
        }

        process.Dispose();
    }

    // The program that runs this test, as a command that takes another one.
    private static string DotnetHost => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private static string Folder => typeof(DriverProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "DriverFolder").Value!;

    private async Task ReadAsync()
    {
        try
        {
            var text = "";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                // An indented object begins and ends with a brace of its own.
                text += line;
                if (text[0] != '{' || line[0] == '}' || (text == line && line != "{"))
                {
                    lines.Writer.TryWrite(JsonNode.Parse(text)!.AsObject());
                    text = "";
                }
            }

            lines.Writer.Complete();
        }
        catch (Exception exception)
        {
            lines.Writer.Complete(exception);
        }
    }
}
