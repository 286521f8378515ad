namespace Mirai.Queue.InteropTests.Golden;

/// <summary>What of the golden data no test uses yet, and why.</summary>
internal sealed record NotYet(string Reason)
{
    /// <summary>The layout before Asynq 0.12.</summary>
    public static readonly NotYet Legacy = new("The legacy layout comes with issue 7.");

    /// <summary>Files that no test uses.</summary>
    public static readonly IReadOnlyDictionary<string, NotYet> Files = new Dictionary<string, NotYet>
    {
        ["v0.11.0/messages.json"] = Legacy,
        ["v0.11.0/scenarios/active.json"] = Legacy,
        ["v0.11.0/scenarios/cancel.json"] = Legacy,
        ["v0.11.0/scenarios/enqueue.json"] = Legacy,
        ["v0.11.0/scenarios/panic.json"] = Legacy,
        ["v0.11.0/scenarios/pause.json"] = Legacy,
        ["v0.11.0/scenarios/requeue.json"] = Legacy,
        ["v0.11.0/scenarios/schedule.json"] = Legacy,
        ["v0.11.0/scenarios/timeout.json"] = Legacy,
        ["v0.11.0/scenarios/unique.json"] = Legacy,
    };
}
