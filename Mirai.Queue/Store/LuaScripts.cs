namespace Mirai.Queue.Store;

/// <summary>The catalogue of scripts. Each script is a file beside this one; its header is its contract.</summary>
internal static class LuaScripts
{
    // Declared before the scripts, because their initializers add to this list.
    private static readonly List<RedisScript> Loaded = [];

    public static readonly RedisScript Enqueue = Load("enqueue");
    public static readonly RedisScript Schedule = Load("schedule");
    public static readonly RedisScript AddToGroup = Load("add_to_group");
    public static readonly RedisScript Take = LoadForFull("take");
    public static readonly RedisScript TakeWaiting = LoadForFull("take_waiting");
    public static readonly RedisScript Finish = Load("finish");
    public static readonly RedisScript ExtendLease = LoadForFull("extend_lease");
    public static readonly RedisScript Forward = LoadForFull("forward");
    public static readonly RedisScript ListExpiredLeases = Load("list_expired_leases");
    public static readonly RedisScript DropGhosts = LoadForFull("drop_ghosts");
    public static readonly RedisScript ReturnUntracked = LoadForFull("return_untracked");
    public static readonly RedisScript RepairActive = LoadForFull("repair_active");
    public static readonly RedisScript FindPublished = Load("find_published");
    public static readonly RedisScript HandOver = LoadForFull("hand_over");
    public static readonly RedisScript DeleteExpiredCompleted = Load("delete_expired_completed");
    public static readonly RedisScript TrimArchive = Load("trim_archive");
    public static readonly RedisScript DueGroups = Load("due_groups");
    public static readonly RedisScript StageGroup = LoadForFull("stage_group");
    public static readonly RedisScript ReadAggregationSet = Load("read_aggregation_set");
    public static readonly RedisScript QuarantineMembers = Load("quarantine_members");
    public static readonly RedisScript EnqueueAggregate = LoadForFull("enqueue_aggregate");
    public static readonly RedisScript DeleteAggregated = Load("delete_aggregated");
    public static readonly RedisScript ReturnAggregationSet = LoadForFull("return_aggregation_set");
    public static readonly RedisScript WriteResult = Load("write_result");
    public static readonly RedisScript WriteServerState = LoadForFull("write_server_state");
    public static readonly RedisScript ListProcess = LoadForFull("list_process");
    public static readonly RedisScript ClearServerState = Load("clear_server_state");
    public static readonly RedisScript RegisterEntry = Load("register_entry");
    public static readonly RedisScript EnqueueTick = Load("enqueue_tick");
    public static readonly RedisScript RecordEvent = Load("record_event");
    public static readonly RedisScript WriteEntries = Load("write_entries");
    public static readonly RedisScript TaskInfo = Load("task_info");
    public static readonly RedisScript QueueInfo = Load("queue_info");
    public static readonly RedisScript GroupSizes = Load("group_sizes");
    public static readonly RedisScript StagedSizes = Load("staged_sizes");
    public static readonly RedisScript ReadTasks = Load("read_tasks");
    public static readonly RedisScript RunTasks = LoadForFull("run_tasks");
    public static readonly RedisScript ArchiveTasks = Load("archive_tasks");
    public static readonly RedisScript DeleteTasks = Load("delete_tasks");
    public static readonly RedisScript RemovePending = LoadForFull("remove_pending");
    public static readonly RedisScript RescheduleTasks = LoadForFull("reschedule_tasks");
    public static readonly RedisScript UpdatePayloads = Load("update_payloads");
    public static readonly RedisScript PauseQueue = LoadForFull("pause_queue");
    public static readonly RedisScript SampleMemory = Load("sample_memory");
    public static readonly RedisScript StageDeletion = Load("stage_deletion");
    public static readonly RedisScript Drain = Load("drain");
    public static readonly RedisScript SweepQueue = Load("sweep_queue");
    public static readonly RedisScript DropEmptyGroups = Load("drop_empty_groups");

    /// <summary>Every script of this catalogue.</summary>
    public static IReadOnlyList<RedisScript> All => Loaded;

    private static RedisScript Load(string name) => Add(RedisScript.Read(typeof(LuaScripts).Assembly, name));

    /// <summary>Loads a script that must write while Redis is full, so that workers and people can empty Redis. The
    /// scripts that are loaded with <see cref="Load"/> read, begin with a deletion, or need memory for something new:
    /// only the last ones are refused.</summary>
    private static RedisScript LoadForFull(string name) =>
        Add(RedisScript.Read(typeof(LuaScripts).Assembly, name).AllowWhenFull());

    private static RedisScript Add(RedisScript script)
    {
        Loaded.Add(script);

        return script;
    }
}
