namespace Mirai.Queue.Driver.Actions;

/// <summary>One operation of the action command.</summary>
/// <param name="Flags">The flags without which it cannot be done.</param>
/// <param name="RunAsync">Does it; returns how many tasks it acted on, <see langword="null"/> when it is about
/// one.</param>
internal sealed record InspectorAction(
    IReadOnlyList<string> Flags, Func<IQueueInspector, ActionOrder, Task<long?>> RunAsync);
