using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mirai.Queue;

namespace Mirai.Faults.Worker;

/// <summary>Runs the tasks of a test. The type of a task says what its handler does.</summary>
internal sealed class FaultHandler(EventWriter events, Releases releases)
{
    public static readonly string[] Types = ["wait", "block", "die", "quick"];

    public async Task HandleAsync(TaskContext context)
    {
        events.Write(new WorkerEvent("start")
        {
            Task = context.TaskId, Queue = context.Queue, Retried = context.Retried,
        });
        var outcome = "failed";
        try
        {
            await RunAsync(context);
            outcome = "ok";
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            events.Write(new WorkerEvent("end") { Task = context.TaskId, Queue = context.Queue, Text = outcome });
        }
    }

    private async Task RunAsync(TaskContext context)
    {
        switch (context.Type)
        {
            case "wait": // until the test releases the task
                await releases.WaitAsync(context.TaskId, context.CancellationToken);
                break;
            case "block": // a thread of the pool, for as many milliseconds as the payload says
                Block(int.Parse(Encoding.UTF8.GetString(context.Payload.Span), CultureInfo.InvariantCulture));
                break;
            case "die": // as the out-of-memory killer ends a process: kill -9
                Process.GetCurrentProcess().Kill();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                break;
            default: // quick
                break;
        }
    }

    private static void Block(int milliseconds)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(milliseconds);
    }
}
