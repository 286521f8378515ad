namespace Mirai.Cache;

/// <summary>The name of an entry, checked.</summary>
/// <remarks>The entries of Mirai's own services are on one page, <see cref="CacheKeys"/>.</remarks>
public abstract class CacheKey
{
    private protected CacheKey(string name) => Name = KeyName.Check(name);

    /// <summary>The key in Redis, letter by letter.</summary>
    public string Name { get; }

    /// <summary>Names an entry that <see cref="CacheKeys"/> does not have.</summary>
    /// <typeparam name="T">What the entry holds.</typeparam>
    /// <param name="name">1 to 512 characters; no control characters, no braces, nothing that Redis' patterns give a
    /// meaning to, and not the beginning of another family of keys (<c>asynq:</c>, <c>lock:</c>,
    /// <c>mirai:</c>).</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public static CacheKey<T> Of<T>(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
