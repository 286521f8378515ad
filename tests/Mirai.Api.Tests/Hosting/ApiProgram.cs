using System.Diagnostics;
using System.Text;

namespace Mirai.Api.Tests.Hosting;

/// <summary>The API as a process of its own: its configuration is the real one, and nothing of the test program reaches
/// into it.</summary>
internal sealed class ApiProgram : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What the machine of the developer or of CI may have set must not decide these tests.
    private static readonly string[] Inherited =
        ["REDIS_URL", "DATABASE_URL", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_HTTP_PORTS"];

    private readonly TaskCompletionSource<Uri> url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder error = new();
    private readonly StringBuilder output = new();
    private readonly DirectoryInfo folder;
    private readonly Process process;

    private ApiProgram(ProcessStartInfo start, DirectoryInfo folder, (string Name, string Value)[] environment)
    {
        this.folder = folder;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        Array.ForEach(Inherited, name => start.Environment.Remove(name));
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__Mirai"] = $"Data Source={Path.Combine(folder.FullName, "mirai.db")}";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => NoteOutput(line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What the program has written to its standard output.</summary>
    public string Output => Read(output);

    /// <summary>Starts the program that was built with these tests, in an empty folder.</summary>
    public static ApiProgram Start(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("mirai-api-");
        var assembly = Path.Combine(AppContext.BaseDirectory, "Mirai.Api.dll");

        return new ApiProgram(
            new ProcessStartInfo("dotnet", [assembly]) { WorkingDirectory = folder.FullName }, folder, environment);
    }

    /// <summary>Starts the program as a developer does: <c>dotnet run --project Mirai.Api</c>.</summary>
    public static ApiProgram DotNetRun(string[] arguments, params (string Name, string Value)[] environment)
    {
        string[] command = ["run", "--project", "Mirai.Api", "--no-build", "--configuration", Build.Configuration];

        return new ApiProgram(
            new ProcessStartInfo("dotnet", [.. command, .. arguments]) { WorkingDirectory = Build.SourceRoot },
            Directory.CreateTempSubdirectory("mirai-api-"), environment);
    }

    /// <summary>Waits until the program listens.</summary>
    /// <returns>A client of it.</returns>
    public async Task<HttpClient> ConnectAsync()
    {
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(url.Task, ended).WaitAsync(Patience, TimeProvider.System) == ended)
        {
            throw new AssertionException($"The program ended with {process.ExitCode}: {Read(error)} {Output}");
        }

        return new HttpClient { BaseAddress = await url.Task };
    }

    /// <summary>Waits until the program ends by itself.</summary>
    public async Task<(int ExitCode, string Error)> WaitForEndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        return (process.ExitCode, Read(error).TrimEnd('\n'));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            // "dotnet run" has the program as its child.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }

    private void NoteOutput(string? line)
    {
        Append(output, line);
        if (line?.IndexOf(Listening, StringComparison.Ordinal) is { } at and >= 0)
        {
            url.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
