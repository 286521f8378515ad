using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>What change_entry.lua replied.</summary>
/// <param name="IsDone">The change happened.</param>
/// <param name="Current">The version that was there, if there was one and somebody asked.</param>
internal readonly record struct ChangeReply(bool IsDone, CacheETag? Current)
{
    public static ChangeReply Read(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var isDone = reader.ReadInt64() == 1;
        reader.MoveNext();

        return new ChangeReply(isDone, CacheETag.TryParse(reader.ReadString(), out var etag) ? etag : null);
    }
}
