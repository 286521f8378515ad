namespace Mirai.Cache;

/// <summary>What became of an invalidation.</summary>
/// <param name="Count">How many entries were deleted; 0 for a tag, whose entries nobody counts.</param>
/// <param name="IsDelivered"><see langword="false"/> when Redis is away: the invalidation is kept, and replayed before
/// the cache serves anything again.</param>
public readonly record struct CacheInvalidation(long Count, bool IsDelivered);
