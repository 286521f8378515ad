-- Replaces the tasks of an aggregation set with their aggregate: the aggregate is there, and the tasks and the uniqueness
-- locks that they hold are gone, or nothing has changed. From then on the deadline of the set says that no worker may
-- return its tasks to their group. Tasks of a large set beyond the first batch are deleted by delete_aggregated.lua.
--
-- KEYS[1]  asynq:{<queue>}:pending           list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:groups            set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:scheduled or asynq:{<queue>}:g:<group>  zset where the aggregate waits unless it is pending
-- KEYS[4]  asynq:{<queue>}:g:<group>:<set>   zset: task id -> time added to the group (Unix seconds)
-- KEYS[5]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- KEYS[6]  asynq:{<queue>}:unique:*          string: id of the owner; only when the aggregate has a uniqueness lock
-- ARGV[1]  asynq:{<queue>}:t:                prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake              channel of the workers
-- ARGV[3]  id of the aggregate
-- ARGV[4]  its message
-- ARGV[5]  its state: pending, scheduled or aggregating
-- ARGV[6]  since when it is pending (Unix nanoseconds), or its due time or the time added (Unix seconds)
-- ARGV[7]  its group ("": none)
-- ARGV[8]  lifetime of its lock (seconds)
-- ARGV[9]  how many tasks the set had when it was read
-- ARGV[10] deadline of a set whose tasks are to be deleted (Unix seconds)
-- ARGV[11] most tasks to delete
-- Returns  1; 2 if tasks of the set are left to delete; 0 if the set does not belong to the caller any more; -1 if the
--          id is taken; -2 if an equal task holds the lock
--#include add_one_task
--#include delete_task
local deadline, size = call("ZSCORE", KEYS[5], KEYS[4]), call("ZCARD", KEYS[4])
if deadline and tonumber(deadline) == tonumber(ARGV[10]) then return 2 end
if not deadline or size ~= tonumber(ARGV[9]) then return 0 end
local refusal = add(KEYS[6])
if refusal then return refusal == "" and -1 or -2 end
local gone = call("ZRANGE", KEYS[4], 0, ARGV[11] - 1)
for _, id in ipairs(gone) do delete_task(ARGV[1], id) end
call("ZREMRANGEBYRANK", KEYS[4], 0, #gone - 1)
if size > #gone then
    call("ZADD", KEYS[5], ARGV[10], KEYS[4])
    return 2
end
call("ZREM", KEYS[5], KEYS[4])
return 1
