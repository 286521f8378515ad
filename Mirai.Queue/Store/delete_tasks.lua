-- Deletes tasks, and the uniqueness locks that they hold.
--
-- KEYS[1]   asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]   asynq:{<queue>}:groups   set: names of the groups to look at
-- KEYS[3]   the list or zset that the ids were read from; only with ARGV[4]
-- ARGV[1]   asynq:{<queue>}:         prefix of the zsets, each named like the state of its tasks
-- ARGV[2]   asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]   asynq:{<queue>}:g:       prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[4]   state that the tasks must have; "" for any but active
-- ARGV[5..] per task: id, score that it must have ("" for any)
-- Returns   how many were deleted, how many were not but are still in the zset KEYS[3], state of the last that was not
--           ("": it is gone)
--#include delete_task
local call, wanted, deleted, kept, last = redis.call, ARGV[4], 0, 0, ""
for i = 5, #ARGV, 2 do
    local id, hash, isThere = ARGV[i], ARGV[2] .. ARGV[i], false
    local state, group = unpack(call("HMGET", hash, "state", "group"))
    local set = state == "aggregating" and ARGV[3] .. (group or "") or ARGV[1] .. (state or "")
    if state == "pending" and (wanted == "" or wanted == state) then
        isThere = call("LREM", KEYS[1], -1, id) == 1
    elseif state and state ~= "active" and (wanted == "" or wanted == state) then
        local score = call("ZSCORE", set, id)
        isThere = score and (ARGV[i + 1] == "" or tonumber(score) == tonumber(ARGV[i + 1]))
            and call("ZREM", set, id) == 1
    end
    if isThere then
        delete_task(ARGV[2], id)
        deleted = deleted + 1
        if state == "aggregating" and call("EXISTS", set) == 0 then call("SREM", KEYS[2], group) end
    elseif wanted ~= "" and not state then
        call(wanted == "pending" and "LREM" or "ZREM", KEYS[3], unpack(wanted == "pending" and { -1, id } or { id }))
        delete_task(ARGV[2], id)
    else
        last = state or ""
        kept = kept + (wanted ~= "" and wanted ~= "pending" and call("ZSCORE", KEYS[3], id) and 1 or 0)
    end
end
return { deleted, kept, last }
