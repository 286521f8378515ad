namespace Mirai.Cache.Local;

/// <summary>An entry in the first level.</summary>
internal sealed class LocalCopy(string name, object entry, long size, DateTimeOffset until, IReadOnlyList<string> tags)
{
    public string Name => name;

    /// <summary>A <see cref="CacheEntry{T}"/>.</summary>
    public object Entry => entry;

    public long Size => size;

    public DateTimeOffset Until => until;

    public IReadOnlyList<string> Tags => tags;

    /// <summary>Asked for since the hand last came by; such a copy gets another round.</summary>
    public bool IsTouched { get; set; }
}
