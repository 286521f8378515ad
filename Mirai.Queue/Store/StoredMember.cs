namespace Mirai.Queue.Store;

/// <summary>What a layout without ids knows a running task by.</summary>
/// <param name="Bytes">The task as it is stored.</param>
/// <param name="Score">The score it was given when it was taken.</param>
internal sealed record StoredMember(ReadOnlyMemory<byte> Bytes, double Score);
