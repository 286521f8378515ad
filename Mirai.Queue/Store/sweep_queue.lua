-- Deletes what is left of a queue that was deleted: locks without a task, tasks in no container, groups without tasks,
-- counters. What belongs to tasks that were put into the queue meanwhile stays.
--
-- KEYS[1]   asynq:{<queue>}:pending           list: task ids
-- KEYS[2]   asynq:{<queue>}:active            list
-- KEYS[3]   asynq:{<queue>}:lease             zset
-- KEYS[4]   asynq:{<queue>}:scheduled         zset
-- KEYS[5]   asynq:{<queue>}:retry             zset
-- KEYS[6]   asynq:{<queue>}:archived          zset
-- KEYS[7]   asynq:{<queue>}:completed         zset
-- KEYS[8]   asynq:{<queue>}:groups            set: names of groups
-- KEYS[9]   asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- KEYS[10..] keys of the queue
-- ARGV[1]   asynq:{<queue>}:                  prefix of the zsets, each named like the state of its tasks
-- ARGV[2]   most entries of a list to look at: a queue with more is in use again, and keeps its tasks
-- Returns   how many keys were deleted
--#include delete_task
local call, prefix, deleted, live = redis.call, ARGV[1], 0, {}
for i = 1, 9 do live[KEYS[i]] = true end
local function isOrphan(id, hash)
    local state, group = unpack(call("HMGET", hash, "state", "group"))
    if state == "pending" or state == "active" then
        local list = prefix .. state
        return call("LLEN", list) <= tonumber(ARGV[2]) and not call("LPOS", list, id)
    end
    if state == "aggregating" then
        return call("EXISTS", KEYS[9]) == 0 and not call("ZSCORE", prefix .. "g:" .. (group or ""), id)
    end
    return not state or not call("ZSCORE", prefix .. state, id)
end
for i = 10, #KEYS do
    local kind, id = string.match(string.sub(KEYS[i], #prefix + 1), "^(%w+):(.*)$")
    local isLeft = not live[KEYS[i]] and kind ~= "g" and kind ~= "deleted"
    if kind == "t" then isLeft = isOrphan(id, KEYS[i]) end
    if kind == "unique" then isLeft = call("EXISTS", prefix .. "t:" .. (call("GET", KEYS[i]) or "")) == 0 end
    if isLeft and kind == "t" then
        delete_task(prefix .. "t:", id)
        deleted = deleted + 1
    elseif isLeft then
        deleted = deleted + call("UNLINK", KEYS[i])
    end
end
return deleted
