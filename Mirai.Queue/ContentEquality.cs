namespace Mirai.Queue;

/// <summary>Equality of bytes and dictionaries by their content, for records that hold them.</summary>
internal static class ContentEquality
{
    /// <summary>Whether both are <see langword="null"/> or have the same bytes.</summary>
    public static bool AreEqual(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left.HasValue == right.HasValue && left.GetValueOrDefault().Span.SequenceEqual(right.GetValueOrDefault().Span);

    /// <summary>Whether both are <see langword="null"/> or have the same keys with the same values.</summary>
    public static bool AreEqual(
        IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        ReferenceEquals(left, right) || (left is not null && right is not null && left.Count == right.Count
            && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value));

    public static int Hash(ReadOnlyMemory<byte>? bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes.GetValueOrDefault().Span);

        return hash.ToHashCode();
    }

    // The order of the entries does not count.
    public static int Hash(IReadOnlyDictionary<string, string>? dictionary) =>
        dictionary?.Aggregate(0, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value)) ?? 0;
}
