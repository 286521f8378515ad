-- Puts the task that was made of an aggregation set in the place of the set: the new task is there and the tasks of the
-- set are gone, or nothing has changed. From here on the set belongs to nobody who would put its tasks back: its deadline
-- says so. Tasks of a large set beyond the first batch are deleted by delete_aggregated.lua.
--
-- KEYS[1]  asynq:{<queue>}:pending           list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:groups            set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:g:<group>:<set>   zset: task id -> time added to the group (Unix seconds)
-- KEYS[4]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- KEYS[5]  asynq:{<queue>}:scheduled or asynq:{<queue>}:g:*  zset where the new task waits unless it is pending
-- KEYS[6]  asynq:{<queue>}:unique:*          string: id of the owner; only when the new task has a uniqueness lock
-- ARGV[1]  asynq:{<queue>}:t:                prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake              channel of the workers
-- ARGV[3]  how many tasks the set had when it was read
-- ARGV[4]  deadline of a set whose tasks are to be deleted (Unix seconds)
-- ARGV[5]  most tasks to delete
-- ARGV[6]  id of the new task
-- ARGV[7]  its message
-- ARGV[8]  its state: pending, scheduled or aggregating
-- ARGV[9]  since when it is pending (Unix nanoseconds), or its due time or the time added (Unix seconds)
-- ARGV[10] its group ("": none)
-- ARGV[11] lifetime of its lock (seconds)
-- Returns  1; 2 if tasks of the set are left to delete; 0 if the set is not the caller's any more; -1 if the id is taken;
--          -2 if an equal task holds the lock
local call, hash, state = redis.call, ARGV[1] .. ARGV[6], ARGV[8]
local deadline, size = call("ZSCORE", KEYS[4], KEYS[3]), call("ZCARD", KEYS[3])
if deadline and tonumber(deadline) == tonumber(ARGV[4]) then return 2 end
if not deadline or size ~= tonumber(ARGV[3]) then return 0 end
if call("EXISTS", hash) == 1 then return -1 end
if KEYS[6] and not call("SET", KEYS[6], ARGV[6], "NX", "EX", ARGV[11]) then return -2 end
call("HSET", hash, "msg", ARGV[7], "state", state)
if state == "pending" then
    call("HSET", hash, "pending_since", ARGV[9])
    if call("LPUSH", KEYS[1], ARGV[6]) == 1 then call("PUBLISH", ARGV[2], "") end
else
    call("ZADD", KEYS[5], ARGV[9], ARGV[6])
end
if state == "scheduled" and call("ZRANGE", KEYS[5], 0, 0)[1] == ARGV[6] then call("PUBLISH", ARGV[2], ARGV[9]) end
if state == "aggregating" then
    call("HSET", hash, "group", ARGV[10])
    call("SADD", KEYS[2], ARGV[10])
elseif KEYS[6] then
    call("HSET", hash, "unique_key", KEYS[6])
end
local gone = call("ZRANGE", KEYS[3], 0, ARGV[5] - 1)
for i, id in ipairs(gone) do gone[i] = ARGV[1] .. id end
call("DEL", unpack(gone))
call("ZREMRANGEBYRANK", KEYS[3], 0, #gone - 1)
if size > #gone then
    call("ZADD", KEYS[4], ARGV[4], KEYS[3])
    return 2
end
call("ZREM", KEYS[4], KEYS[3])
return 1
