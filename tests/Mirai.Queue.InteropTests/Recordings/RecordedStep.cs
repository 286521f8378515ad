using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>One step of a recording.</summary>
internal sealed class RecordedStep
{
    private readonly JsonObject json;
    private readonly DateTimeOffset began;
    private readonly DateTimeOffset ended;

    public RecordedStep(JsonObject json, JsonObject? before, DayShift shift)
    {
        this.json = json;
        Keys = shift.Apply(Keyspace.Parse(json["keys"]!.AsArray()));
        Before = before is null ? Keyspace.Empty : shift.Apply(Keyspace.Parse(before["keys"]!.AsArray()));
        var snapshot = json["snapshot_unix_ms"]!;
        ended = shift.Apply(Milliseconds(snapshot));
        began = shift.Apply(Milliseconds(json["began_unix_ms"] ?? before?["snapshot_unix_ms"] ?? snapshot));
        At = RecordedInstant.Of(this, began, shift);
    }

    /// <summary>What was done, in words.</summary>
    public string Did => (string)json["did"]!;

    /// <summary>The text of the error that the call returned.</summary>
    public string? Error => (string?)json["error"];

    /// <summary>The task that was enqueued, if one was.</summary>
    public RecordedEnqueue? Enqueued => RecordedEnqueue.Find(json);

    /// <summary>The keys afterwards.</summary>
    public Keyspace Keys { get; }

    /// <summary>The keys that the step found.</summary>
    public Keyspace Before { get; }

    /// <summary>The moment at which the operation began.</summary>
    public DateTimeOffset At { get; }

    /// <summary>When the server of the step showed itself.</summary>
    public DateTimeOffset HeartbeatAt => RecordedInstant.Heartbeat(this)!.Value;

    /// <summary>When the worker of the step took its task.</summary>
    public DateTimeOffset TakenAt => WorkerInfo.Parser.ParseFrom(
        Keys.Keys.Single(key => key.Name.StartsWith("asynq:workers:{", StringComparison.Ordinal)).Values[0].Bytes)
        .StartTime.ToDateTimeOffset();

    /// <summary>When a key was written that is new, by the clock of the recorder's Redis: one recording hid that from
    /// Asynq.</summary>
    public DateTimeOffset WrittenAt(StoredKey key) => key.Name.Contains("ers:{", StringComparison.Ordinal)
        && RecordedInstant.Heartbeat(this) is { } beat ? beat
        : At >= began.AddSeconds(-1) && At <= ended.AddSeconds(1) ? At
        : began;

    /// <summary>What the Go driver printed of a queue, if the step was to inspect.</summary>
    public JsonObject? Inspected => json["output"] as JsonObject;

    private static DateTimeOffset Milliseconds(JsonNode time) => DateTimeOffset.FromUnixTimeMilliseconds((long)time);
}
