using System.Globalization;
using StackExchange.Redis;

namespace Mirai.Cache.Locks;

/// <summary>What take_lock.lua replied.</summary>
/// <param name="Token">The fencing token, if the lock was taken.</param>
/// <param name="Lives">How long the lock lives, whoever has it; <see langword="null"/> for no end.</param>
internal readonly record struct TakeReply(long? Token, TimeSpan? Lives)
{
    public static TakeReply Read(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var token = reader.ReadString();
        reader.MoveNext();
        var lives = reader.ReadInt64();

        return new TakeReply(
            string.IsNullOrEmpty(token) ? null : long.Parse(token, CultureInfo.InvariantCulture),
            lives < 0 ? null : TimeSpan.FromMilliseconds(lives));
    }
}
