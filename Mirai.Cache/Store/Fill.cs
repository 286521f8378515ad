namespace Mirai.Cache.Store;

/// <summary>The right of one fill to store what it makes. Any change by a Mirai process ends it, so that what was read
/// before an invalidation is not stored after it.</summary>
/// <param name="Token">What makes it the one.</param>
/// <param name="Seen">The version that was there when it began, which the fill may replace; any other is
/// newer.</param>
internal sealed record Fill(string Token, CacheETag? Seen);
