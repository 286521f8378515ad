namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>A value, or one element of it.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Field">Its field, in a hash.</param>
/// <param name="Score">Its score, in a sorted set.</param>
internal sealed record StoredValue(byte[] Bytes, string? Field = null, double? Score = null);
