namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>A key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Values">Its value, or the elements: of a list in their order, of a sorted set by score.</param>
/// <param name="ExpiresAt">When it expires, in Unix milliseconds by the clock of its Redis.</param>
internal sealed record StoredKey(string Name, StoredType Type, IReadOnlyList<StoredValue> Values, long? ExpiresAt);
