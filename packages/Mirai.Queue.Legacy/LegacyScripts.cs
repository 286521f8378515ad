namespace Mirai.Queue.Legacy;

/// <summary>The catalogue of this layout's scripts, and of those that move tasks to the current one.</summary>
internal static class LegacyScripts
{
    public static readonly RedisScript Enqueue = Read("legacy_enqueue");
    public static readonly RedisScript EnqueueTick = Read("legacy_enqueue_tick");
    public static readonly RedisScript Take = Read("legacy_take").AllowWhenFull();
    public static readonly RedisScript TakeWaiting = Read("legacy_take_waiting").AllowWhenFull();
    public static readonly RedisScript Finish = Read("legacy_finish");
    public static readonly RedisScript Forward = Read("legacy_forward").AllowWhenFull();
    public static readonly RedisScript TrimDead = Read("legacy_trim_dead");
    public static readonly RedisScript WriteServer = Read("legacy_write_server").AllowWhenFull();
    public static readonly RedisScript ClearServer = Read("legacy_clear_server");
    public static readonly RedisScript Move = Read("legacy_move");
    public static readonly RedisScript Count = Read("legacy_count");
    public static readonly RedisScript DropQueue = Read("legacy_drop_queue");
    public static readonly RedisScript Pause = Read("legacy_pause").AllowWhenFull();
    public static readonly RedisScript MigrateTasks = Read("migrate_tasks").AllowWhenFull();
    public static readonly RedisScript MigratePause = Read("migrate_pause");

    private static RedisScript Read(string name) => RedisScript.Read(typeof(LegacyScripts).Assembly, name);
}
