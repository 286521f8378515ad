namespace Mirai.Queue.Store;

/// <summary>The catalogue of scripts. Each script is a file beside this one; its header is its contract.</summary>
internal static class LuaScripts
{
    // Declared before the scripts, because their initializers add to this list.
    private static readonly List<RedisScript> Loaded = [];

    public static readonly RedisScript Enqueue = Load("enqueue");
    public static readonly RedisScript Schedule = Load("schedule");
    public static readonly RedisScript AddToGroup = Load("add_to_group");
    public static readonly RedisScript Take = Load("take");
    public static readonly RedisScript TakeWaiting = Load("take_waiting");
    public static readonly RedisScript Finish = Load("finish");
    public static readonly RedisScript ExtendLease = Load("extend_lease");
    public static readonly RedisScript Forward = Load("forward");
    public static readonly RedisScript ListExpiredLeases = Load("list_expired_leases");
    public static readonly RedisScript DropGhosts = Load("drop_ghosts");
    public static readonly RedisScript ReturnUntracked = Load("return_untracked");
    public static readonly RedisScript RepairActive = Load("repair_active");
    public static readonly RedisScript FindPublished = Load("find_published");
    public static readonly RedisScript HandOver = Load("hand_over");
    public static readonly RedisScript DeleteExpiredCompleted = Load("delete_expired_completed");
    public static readonly RedisScript TrimArchive = Load("trim_archive");
    public static readonly RedisScript DueGroups = Load("due_groups");
    public static readonly RedisScript StageGroup = Load("stage_group");
    public static readonly RedisScript ReadAggregationSet = Load("read_aggregation_set");
    public static readonly RedisScript QuarantineMembers = Load("quarantine_members");
    public static readonly RedisScript EnqueueAggregate = Load("enqueue_aggregate");
    public static readonly RedisScript DeleteAggregated = Load("delete_aggregated");
    public static readonly RedisScript ReturnAggregationSet = Load("return_aggregation_set");
    public static readonly RedisScript WriteResult = Load("write_result");
    public static readonly RedisScript WriteServerState = Load("write_server_state");
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
    public static readonly RedisScript RunTasks = Load("run_tasks");
    public static readonly RedisScript ArchiveTasks = Load("archive_tasks");
    public static readonly RedisScript DeleteTasks = Load("delete_tasks");
    public static readonly RedisScript RemovePending = Load("remove_pending");
    public static readonly RedisScript RescheduleTasks = Load("reschedule_tasks");
    public static readonly RedisScript UpdatePayloads = Load("update_payloads");
    public static readonly RedisScript SampleMemory = Load("sample_memory");
    public static readonly RedisScript StageDeletion = Load("stage_deletion");
    public static readonly RedisScript Drain = Load("drain");
    public static readonly RedisScript SweepQueue = Load("sweep_queue");
    public static readonly RedisScript DropEmptyGroups = Load("drop_empty_groups");

    /// <summary>Every script of this catalogue.</summary>
    public static IReadOnlyList<RedisScript> All => Loaded;

    private static RedisScript Load(string name)
    {
        var script = RedisScript.Read(typeof(LuaScripts).Assembly, name);
        Loaded.Add(script);

        return script;
    }
}
