namespace Mirai.Queue;

/// <summary>A group of tasks that wait to be aggregated.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Size">How many tasks wait in it.</param>
public sealed record GroupInfo(string Group, long Size);
