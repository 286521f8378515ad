using System.Text.Json;

namespace Mirai.Faults.Worker;

/// <summary>One thing that happened in a worker.</summary>
/// <param name="Kind">"starting", "ready", "start", "end", "log" or "stopped".</param>
internal sealed record WorkerEvent(string Kind)
{
    /// <summary>The task, for "start" and "end".</summary>
    public string? Task { get; init; }

    public string? Queue { get; init; }

    /// <summary>How many attempts were charged before, for "start".</summary>
    public int Retried { get; init; }

    /// <summary>"ok", "cancelled" or "failed" for "end"; level and message for "log".</summary>
    public string Text { get; init; } = "";
}

/// <summary>Prints events as JSON, one a line.</summary>
internal sealed class EventWriter(TextWriter output)
{
    private readonly Lock writing = new();

    public void Write(WorkerEvent what)
    {
        lock (writing)
        {
            output.WriteLine(JsonSerializer.Serialize(what));
            output.Flush();
        }
    }
}
