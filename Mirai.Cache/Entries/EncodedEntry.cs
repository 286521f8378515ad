namespace Mirai.Cache.Entries;

/// <summary>An entry as it goes to Redis.</summary>
/// <param name="Bytes">The JSON.</param>
/// <param name="ETag">Its version.</param>
internal readonly record struct EncodedEntry(byte[] Bytes, CacheETag ETag);
