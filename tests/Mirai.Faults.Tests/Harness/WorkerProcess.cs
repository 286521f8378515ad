using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Mirai.Faults.Worker;
using Mirai.Local.Redis;

namespace Mirai.Faults.Tests.Harness;

/// <summary>A test worker as a process of its own. Disposal kills the process if it still runs.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<WorkerEvent> events = [];
    private readonly Process process;
    private readonly Task reading;
    private readonly Task<string> errors;
    private TaskCompletionSource changed = NewSignal();

    private WorkerProcess(Process process)
    {
        this.process = process;
        reading = ReadAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>What happened so far, in order.</summary>
    public IReadOnlyList<WorkerEvent> Events
    {
        get
        {
            lock (events)
            {
                return [.. events];
            }
        }
    }

    /// <summary>The tasks whose handler has started, once per start.</summary>
    public IEnumerable<string> Started => Of("start").Select(start => start.Task!);

    public IEnumerable<string> Log => Of("log").Select(line => line.Text);

    public static WorkerProcess Start(WorkerSettings settings)
    {
        var start = new ProcessStartInfo(BuildFolders.DotnetHost)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // Many workers start side by side, and none lives for long: measuring code to optimize it later does not pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.ArgumentList.Add(typeof(WorkerSettings).Assembly.Location);
        start.ArgumentList.Add(JsonSerializer.Serialize(settings));

        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the worker has printed what is looked for.</summary>
    public async Task WaitAsync(Func<IReadOnlyList<WorkerEvent>, bool> isThere, string what)
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            Task next;
            lock (events)
            {
                if (isThere(events))
                {
                    return;
                }

                next = changed.Task;
            }

            if (reading.IsCompleted)
            {
                throw new InvalidOperationException($"The worker ended before this happened: {what}. {Describe()}");
            }

            try
            {
                await Task.WhenAny(next, reading).WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"This did not happen within {Patience}: {what}. {Describe()}");
            }
        }
    }

    public Task WaitForReadyAsync() => WaitAsync(all => all.Any(one => one.Kind == "ready"), "the worker is ready");

    public Task WaitForStartAsync(params IReadOnlyList<string> tasks) => WaitAsync(
        all => tasks.All(task => all.Any(one => one.Kind == "start" && one.Task == task)),
        $"tasks {string.Join(", ", tasks)} start");

    public Task WaitForEndAsync(params IReadOnlyList<string> tasks) => WaitAsync(
        all => tasks.All(task => all.Any(one => one.Kind == "end" && one.Task == task)),
        $"tasks {string.Join(", ", tasks)} end");

    /// <summary>Lets the handlers of tasks return; a star stands for all, those that will start later,
    /// too.</summary>
    public void Release(params IEnumerable<string> tasks)
    {
        foreach (var task in tasks)
        {
            process.StandardInput.WriteLine(task);
        }

        process.StandardInput.Flush();
    }

    /// <summary>SIGSTOP: the process gets no processor time, and its connections stay open.</summary>
    public void Freeze() => UnixSignal.Send(process.Id, UnixSignal.Stop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => UnixSignal.Send(process.Id, UnixSignal.Continue);

    /// <summary>SIGTERM.</summary>
    public void Terminate() => UnixSignal.Send(process.Id, UnixSignal.Terminate);

    /// <summary>SIGKILL.</summary>
    public void Kill() => process.Kill();

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        await reading.WaitAsync(Patience);

        return process.ExitCode;
    }

    /// <summary>Everything that the worker has printed, for the message of a failed test.</summary>
    public string Describe() => string.Join(Environment.NewLine, Events)
        + (errors.IsCompletedSuccessfully ? Environment.NewLine + errors.Result : "");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(Patience);
        }

        process.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IEnumerable<WorkerEvent> Of(string kind) => Events.Where(one => one.Kind == kind);

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var before = changed;
            lock (events)
            {
                events.Add(JsonSerializer.Deserialize<WorkerEvent>(line)!);
                changed = NewSignal();
            }

            before.SetResult();
        }
    }
}
