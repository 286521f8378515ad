namespace Mirai.Cache.Store;

/// <summary>What an invalidation is about.</summary>
internal enum InvalidationKind
{
    Entry,
    Pattern,
    Tag,
}
