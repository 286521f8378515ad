using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Work;

/// <summary>Prints handled tasks, one by one or as a summary, and tells when there have been enough.</summary>
internal sealed class WorkReport(JsonLines output, bool isQuiet, int? mostTasks, Action enough, TimeProvider time)
{
    private readonly long started = time.GetTimestamp();
    private int handled;

    public void Handled(Func<JsonObject> line)
    {
        if (!isQuiet)
        {
            output.Write(line());
        }

        if (Interlocked.Increment(ref handled) == mostTasks)
        {
            enough();
        }
    }

    /// <summary>Prints the summary, if there is one.</summary>
    public void Complete()
    {
        if (isQuiet)
        {
            output.Write(new JsonObject
            {
                ["handled"] = handled,
                ["seconds"] = Math.Round(time.GetElapsedTime(started).TotalSeconds, 6),
            });
        }
    }
}
