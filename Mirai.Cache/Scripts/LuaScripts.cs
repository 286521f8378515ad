namespace Mirai.Cache.Scripts;

/// <summary>The catalogue of scripts. Each is a file beside this one whose header is its contract.</summary>
internal static class LuaScripts
{
    public static readonly RedisScript ChangeEntry = RedisScript.Read(typeof(LuaScripts).Assembly, "change_entry");
    public static readonly RedisScript JoinTag = RedisScript.Read(typeof(LuaScripts).Assembly, "join_tag");
    public static readonly RedisScript TakeLock = RedisScript.Read(typeof(LuaScripts).Assembly, "take_lock");
    public static readonly RedisScript RenewLock = RedisScript.Read(typeof(LuaScripts).Assembly, "renew_lock");
    public static readonly RedisScript ReleaseLock = RedisScript.Read(typeof(LuaScripts).Assembly, "release_lock");
}
