using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Enqueue;

/// <summary>Prints what became of tasks, as it becomes known or as a summary.</summary>
internal sealed class EnqueueReport(JsonLines output, bool isQuiet, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<TimeSpan> durations = [];
    private readonly long started = time.GetTimestamp();
    private int failed;

    /// <summary>How many tasks were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Why Redis could not be reached, if it could not.</summary>
    public Exception? Broken { get; private set; }

    public void Enqueued(TaskInfo task, TimeSpan took)
    {
        lock (gate)
        {
            durations.Add(took);
        }

        Print(() => TaskInfoJson.Create(task));
    }

    public void Failed(int index, Exception error, TimeSpan took)
    {
        lock (gate)
        {
            durations.Add(took);
            failed++;
            if (error is RedisException or TimeoutException)
            {
                Broken ??= error;
            }
            else
            {
                Refused++;
            }
        }

        Print(() => new JsonObject { ["error"] = error.Message, ["kind"] = Kind(error), ["index"] = index });
    }

    /// <summary>Prints the summary, if there is one.</summary>
    public void Complete()
    {
        if (!isQuiet)
        {
            return;
        }

        var seconds = time.GetElapsedTime(started).TotalSeconds;
        durations.Sort();
        output.Write(new JsonObject
        {
            ["n"] = durations.Count,
            ["failed"] = failed,
            ["seconds"] = Math.Round(seconds, 6),
            ["per_second"] = Math.Round(durations.Count / seconds, 1),
            ["p50_us"] = Percentile(0.50),
            ["p99_us"] = Percentile(0.99),
        });
    }

    private static string Kind(Exception error) => error switch
    {
        DuplicateTaskException => "duplicate",
        TaskIdConflictException => "task_id_conflict",
        _ => "other",
    };

    // Nearest rank: the smallest duration that so large a share of the calls did not exceed.
    private double Percentile(double share) => Math.Round(
        durations[Math.Max((int)Math.Ceiling(share * durations.Count) - 1, 0)].TotalMicroseconds, 1);

    private void Print(Func<JsonObject> line)
    {
        if (!isQuiet)
        {
            output.Write(line());
        }
    }
}
