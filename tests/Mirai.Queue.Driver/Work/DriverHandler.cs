using System.Text;
using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Work;

/// <summary>Does with every task what the flags say, and reports each.</summary>
internal sealed class DriverHandler(HandlerFlags behaviour, WorkReport report, TimeProvider time)
{
    public async Task HandleAsync(TaskContext context)
    {
        var (started, stopwatch) = (time.GetUtcNow(), time.GetTimestamp());
        Exception? error = null;
        try
        {
            await RunAsync(context);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            report.Handled(() => Line(context, started, time.GetElapsedTime(stopwatch), error));
        }
    }

    private async Task RunAsync(TaskContext context)
    {
        if (behaviour.Block > TimeSpan.Zero)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(behaviour.Block); // as a handler does that calls a synchronous library
        }

        if (behaviour.Sleep > TimeSpan.Zero)
        {
            var token = behaviour.IgnoresCancellation ? CancellationToken.None : context.CancellationToken;
            await Task.Delay(behaviour.Sleep, time, token);
        }

        if (behaviour.Fails(context.Retried))
        {
            throw Failure();
        }

        if (behaviour.Result is { } result)
        {
            await context.WriteResultAsync(Encoding.UTF8.GetBytes(result), context.CancellationToken);
        }
    }

    // The texts of Go's sentinels follow the error, as they do where a Go handler wraps one.
    private Exception Failure() => behaviour.Failure switch
    {
        FailureKind.SkipRetry => new SkipRetryException($"{behaviour.ErrorText}: skip retry for the task"),
        FailureKind.Revoke => new RevokeTaskException($"{behaviour.ErrorText}: revoke task"),
        var kind => new SimulatedException(kind, behaviour.ErrorText),
    };

    private JsonObject Line(TaskContext context, DateTimeOffset started, TimeSpan took, Exception? error)
    {
        var json = new JsonObject
        {
            ["id"] = context.TaskId,
            ["type"] = context.Type,
            ["queue"] = context.Queue,
            ["retried"] = context.Retried,
            ["max_retry"] = context.MaxRetry,
            ["outcome"] = Outcome(error),
            ["started"] = JsonFields.Time(started),
            ["took_ms"] = Math.Round(took.TotalMilliseconds, 3),
        };
        JsonFields.AddBytes(json, "payload", context.Payload);
        JsonFields.AddHeaders(json, context.Headers);
        json["deadline"] = JsonFields.Time(context.Deadline);
        if (error is not null)
        {
            json["error"] = ErrorText(context, error);
        }

        return json;
    }

    private static string Outcome(Exception? error) => error switch
    {
        null => "ok",
        SkipRetryException => "skip_retry",
        RevokeTaskException => "revoke",
        OperationCanceledException => "context_done",
        SimulatedException { Kind: FailureKind.Panic } => "panic",
        _ => "error",
    };

    // Go's handlers see why their context is done.
    private string ErrorText(TaskContext context, Exception error) => error is not OperationCanceledException
        ? error.Message
        : context.Deadline <= time.GetUtcNow() ? "context deadline exceeded" : "context canceled";
}
