namespace Mirai.Cache;

/// <summary>Does something with an entry whose type only the entry knows.</summary>
internal interface ICacheEntryVisitor<out TResult>
{
    TResult Visit<T>(CacheEntry<T> entry);
}
