-- Adds new tasks that are due later, and tells the workers when one of them is due before all others. A task with a
-- uniqueness lock is refused while an equal task holds the lock.
--
-- KEYS[1]    asynq:{<queue>}:pending    list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:scheduled  zset: task id -> due time (Unix seconds)
-- KEYS[3..]  asynq:{<queue>}:unique:*   string per task: id of the owner; only when the tasks have uniqueness locks
-- ARGV[1]    asynq:{<queue>}:t:         prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:wake       channel of the workers
-- ARGV[3..]  per task: id, message, due time (Unix seconds); with locks also the lifetime of the lock (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
--#include insert_task
local step, position, refused, added, isAdded = #KEYS > 2 and 4 or 3, 0, {}, {}, {}
for i = 3, #ARGV, step do
    position = position + 1
    local id = ARGV[i]
    local refusal = insert(ARGV[1] .. id, id, ARGV[i + 1], "scheduled", KEYS[position + 2], ARGV[i + 3], false)
    if refusal then
        refused[#refused + 1], refused[#refused + 2] = position, refusal
    else
        added[#added + 1], added[#added + 2], isAdded[id] = ARGV[i + 2], id, true
    end
end
if #added > 0 then
    call("ZADD", KEYS[2], unpack(added))
    local first = call("ZRANGE", KEYS[2], 0, 0, "WITHSCORES")
    if isAdded[first[1]] then call("PUBLISH", ARGV[2], first[2]) end
end
return refused
