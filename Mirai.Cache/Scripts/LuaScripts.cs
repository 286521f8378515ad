namespace Mirai.Cache.Scripts;

/// <summary>The catalogue of scripts. Each is a file beside this one whose header is its contract.</summary>
internal static class LuaScripts
{
    public static readonly RedisScript ChangeEntry = new("change_entry");
    public static readonly RedisScript JoinTag = new("join_tag");
    public static readonly RedisScript TakeLock = new("take_lock");
    public static readonly RedisScript RenewLock = new("renew_lock");
    public static readonly RedisScript ReleaseLock = new("release_lock");
}
