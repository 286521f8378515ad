using Mirai.Queue;

namespace Mirai.Api.Groups;

/// <summary>A group of tasks that wait to be aggregated.</summary>
internal sealed record GroupResponse
{
    public required string Group { get; init; }

    /// <summary>How many tasks wait in it.</summary>
    public required long Size { get; init; }

    public static GroupResponse From(GroupInfo group) => new() { Group = group.Group, Size = group.Size };
}
