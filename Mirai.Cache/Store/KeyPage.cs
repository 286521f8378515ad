using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>One step of a SCAN.</summary>
/// <param name="Cursor">Where the next step begins; 0 after the last.</param>
/// <param name="Keys">What this step found; a key may come twice.</param>
internal sealed record KeyPage(string Cursor, RedisKey[] Keys)
{
    public const string Start = "0";
}
