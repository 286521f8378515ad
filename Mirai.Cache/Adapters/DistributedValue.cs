namespace Mirai.Cache.Adapters;

/// <summary>What <see cref="MiraiDistributedCache"/> stores.</summary>
/// <param name="Value">The bytes, in JSON as base64.</param>
/// <param name="Sliding">How long the entry lives on after a read (ms), if reads let it live on.</param>
/// <param name="ExpiresAt">When it ends whatever is read (Unix ms), if it does.</param>
internal sealed record DistributedValue(byte[] Value, long? Sliding, long? ExpiresAt);
