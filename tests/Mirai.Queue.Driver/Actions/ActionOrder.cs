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

    /// <summary>When the task is due.</summary>
    public DateTimeOffset ProcessAt { get; private init; }

    /// <summary>The new payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>The queue is deleted with its tasks.</summary>
    public bool IsForced { get; private init; }

    /// <summary>The task.</summary>
    public TaskSelection Task => TaskSelection.One(Queue, TaskId);

    /// <summary>The tasks in a state.</summary>
    /// <exception cref="ArgumentException">The group does not go with the state.</exception>
    public TaskSelection Tasks => (Group, State) switch
    {
        (null, _) => TaskSelection.InState(Queue, State),
        (_, TaskState.Aggregating) => TaskSelection.InGroup(Queue, Group),
        _ => throw new ArgumentException("Only aggregating tasks have a group."),
    };

    private string TaskId { get; init; } = "";

    private TaskState State { get; init; }

    private string? Group { get; init; }

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
