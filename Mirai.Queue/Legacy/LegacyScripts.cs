using Mirai.Queue.Scripts;

namespace Mirai.Queue.Legacy;

/// <summary>The catalogue of this layout's scripts, and of those that move tasks to the current one.</summary>
internal static class LegacyScripts
{
    public static readonly RedisScript Enqueue = LuaScripts.Read("legacy_enqueue");
    public static readonly RedisScript EnqueueTick = LuaScripts.Read("legacy_enqueue_tick");
    public static readonly RedisScript Take = LuaScripts.Read("legacy_take");
    public static readonly RedisScript TakeWaiting = LuaScripts.Read("legacy_take_waiting");
    public static readonly RedisScript Finish = LuaScripts.Read("legacy_finish");
    public static readonly RedisScript Forward = LuaScripts.Read("legacy_forward");
    public static readonly RedisScript TrimDead = LuaScripts.Read("legacy_trim_dead");
    public static readonly RedisScript WriteServer = LuaScripts.Read("legacy_write_server");
    public static readonly RedisScript ClearServer = LuaScripts.Read("legacy_clear_server");
    public static readonly RedisScript Move = LuaScripts.Read("legacy_move");
    public static readonly RedisScript Count = LuaScripts.Read("legacy_count");
    public static readonly RedisScript DropQueue = LuaScripts.Read("legacy_drop_queue");
    public static readonly RedisScript MigrateTasks = LuaScripts.Read("migrate_tasks");
    public static readonly RedisScript MigratePause = LuaScripts.Read("migrate_pause");
}
