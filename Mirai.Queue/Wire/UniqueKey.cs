using System.Security.Cryptography;

namespace Mirai.Queue.Wire;

/// <summary>Names of uniqueness locks (docs/wire.md, "Per-queue keys"): the type, then the lower-case hexadecimal MD5
/// of the payload bytes, or nothing when there is no payload.</summary>
internal static class UniqueKey
{
    public static string For(string queue, string type, ReadOnlyMemory<byte>? payload) =>
        $"{QueueKeys.Of(queue).UniquePrefix}{type}:{(payload is { } bytes ? Digest(bytes.Span) : "")}";

    // The wire format prescribes MD5; the digest protects nothing.
#pragma warning disable CA5351 // Do not use broken cryptographic algorithms: the lock name is a contract with Go.
    private static string Digest(ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(payload, hash);

        return Convert.ToHexStringLower(hash);
    }
#pragma warning restore CA5351
}
