-- Moves tasks to the archive; their messages do not change.
--
-- KEYS[1]   asynq:{<queue>}:pending   list: task ids, oldest at the tail
-- KEYS[2]   asynq:{<queue>}:groups    set: names of the groups to look at
-- KEYS[3]   asynq:{<queue>}:archived  zset: task id -> time archived (Unix seconds)
-- KEYS[4]   the list or zset that the ids were read from; only with ARGV[5]
-- ARGV[1]   asynq:{<queue>}:          prefix of the zsets, each named like the state of its tasks
-- ARGV[2]   asynq:{<queue>}:t:        prefix of the task hashes
-- ARGV[3]   asynq:{<queue>}:g:        prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[4]   now (Unix seconds)
-- ARGV[5]   state that the tasks must have; "" for any in which a task can be archived
-- ARGV[6..] per task: id, score that it must have ("" for any)
-- Returns   how many were moved, how many were not but are still in the zset KEYS[4], state of the last that was not
--           ("": it is gone)
--#include delete_task
local call, wanted, moved, kept, last = redis.call, ARGV[5], 0, 0, ""
call("ZCARD", KEYS[3]) -- a WRONGTYPE error must come before the first change
for i = 6, #ARGV, 2 do
    local id, hash, isThere = ARGV[i], ARGV[2] .. ARGV[i], false
    local state, group = unpack(call("HMGET", hash, "state", "group"))
    local set = state == "aggregating" and ARGV[3] .. (group or "") or ARGV[1] .. (state or "")
    if state == "pending" and (wanted == "" or wanted == state) then
        isThere = call("LREM", KEYS[1], -1, id) == 1
    elseif state and state ~= "active" and state ~= "archived" and (wanted == "" or wanted == state) then
        local score = call("ZSCORE", set, id)
        isThere = score and (ARGV[i + 1] == "" or tonumber(score) == tonumber(ARGV[i + 1]))
            and call("ZREM", set, id) == 1
    end
    if isThere then
        call("ZADD", KEYS[3], ARGV[4], id)
        call("HSET", hash, "state", "archived")
        moved = moved + 1
        if state == "aggregating" and call("EXISTS", set) == 0 then call("SREM", KEYS[2], group) end
    elseif wanted ~= "" and not state then
        call(wanted == "pending" and "LREM" or "ZREM", KEYS[4], unpack(wanted == "pending" and { -1, id } or { id }))
        delete_task(ARGV[2], id)
    else
        last = state or ""
        kept = kept + (wanted ~= "" and wanted ~= "pending" and call("ZSCORE", KEYS[4], id) and 1 or 0)
    end
end
return { moved, kept, last }
