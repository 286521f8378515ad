namespace Mirai.Cache;

/// <summary>The name of an entry that holds a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">What the entry holds.</typeparam>
public sealed class CacheKey<T> : CacheKey
{
    internal CacheKey(string name)
        : base(name)
    {
    }
}
