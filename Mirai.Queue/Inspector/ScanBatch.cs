namespace Mirai.Queue.Inspector;

/// <summary>Some ids of a container.</summary>
/// <param name="Ids">The ids, those of a list in its order from the head.</param>
/// <param name="IsNearHead">They were nearer to the head of the list than to its tail.</param>
internal sealed record ScanBatch(IReadOnlyList<StoredTask> Ids, bool IsNearHead);
