using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Actions;

/// <summary>What an action is about. What its flags do not tell is empty.</summary>
internal sealed record ActionOrder
{
    /// <summary>The flags without a value.</summary>
    public static readonly IReadOnlyList<string> Switches = ["force"];

    /// <summary>The flags with a value.</summary>
    public static readonly IReadOnlyList<string> Values =
        ["queue", "id", "process-at", "state", "group", .. PayloadFlags.Names];

    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The task.</summary>
    public string TaskId { get; private init; } = "";

    /// <summary>When the task is due.</summary>
    public DateTimeOffset ProcessAt { get; private init; }

    /// <summary>The new payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>The state of the tasks.</summary>
    public TaskState State { get; private init; }

    /// <summary>The group of aggregating tasks.</summary>
    public string? Group { get; private init; }

    /// <summary>The queue is deleted with its tasks.</summary>
    public bool IsForced { get; private init; }

    /// <exception cref="FlagException">A flag is wrong, or one is missing that the action needs.</exception>
    public static ActionOrder Read(Flags flags, InspectorAction action)
    {
        if (action.Flags.FirstOrDefault(name => !flags.IsSet(name)) is { } missing)
        {
            throw new FlagException($"flag -{missing} is missing");
        }

        return new ActionOrder
        {
            Queue = flags.Text("queue") ?? EnqueueOptions.DefaultQueue,
            TaskId = flags.Text("id") ?? "",
            ProcessAt = flags.Time("process-at").GetValueOrDefault(),
            Payload = PayloadFlags.Read(flags),
            State = flags.Text("state") is { } word ? ReadState(word) : default,
            Group = flags.Text("group"),
            IsForced = flags.Switch("force"),
        };
    }

    private static TaskState ReadState(string word) =>
        StateWords.TryParse(word) ?? throw Flags.Wrong("state", word, "a state such as pending or archived");
}
