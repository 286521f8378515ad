using Mirai.Queue.Scripts;

namespace Mirai.Queue.Legacy;

/// <summary>The catalogue of this layout's scripts, and of those that move tasks to the current one.</summary>
internal static class LegacyScripts
{
    public static readonly RedisScript Enqueue = LuaScripts.Load("legacy_enqueue");
    public static readonly RedisScript EnqueueTick = LuaScripts.Load("legacy_enqueue_tick");
    public static readonly RedisScript Take = LuaScripts.Load("legacy_take");
    public static readonly RedisScript TakeWaiting = LuaScripts.Load("legacy_take_waiting");
    public static readonly RedisScript Finish = LuaScripts.Load("legacy_finish");
    public static readonly RedisScript Forward = LuaScripts.Load("legacy_forward");
    public static readonly RedisScript TrimDead = LuaScripts.Load("legacy_trim_dead");
    public static readonly RedisScript WriteServer = LuaScripts.Load("legacy_write_server");
    public static readonly RedisScript ClearServer = LuaScripts.Load("legacy_clear_server");
    public static readonly RedisScript Move = LuaScripts.Load("legacy_move");
    public static readonly RedisScript Count = LuaScripts.Load("legacy_count");
    public static readonly RedisScript DropQueue = LuaScripts.Load("legacy_drop_queue");
    public static readonly RedisScript MigrateTasks = LuaScripts.Load("migrate_tasks");
    public static readonly RedisScript MigratePause = LuaScripts.Load("migrate_pause");
}
