-- Include: adds one new task where its state says, and wakes the workers that wait for it.
--
-- KEYS[1]  asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:groups   set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:scheduled or asynq:{<queue>}:g:<group>  zset where the task waits unless it is pending
-- ARGV[1]  asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake     channel of the workers
-- ARGV[3]  id of the task
-- ARGV[4]  its message
-- ARGV[5]  its state: pending, scheduled or aggregating
-- ARGV[6]  since when it is pending (Unix nanoseconds), or its due time or the time added (Unix seconds)
-- ARGV[7]  its group ("": none)
-- ARGV[8]  lifetime of its lock (seconds)
-- Defines  add(lock): lock is nil for a task without a lock. Returns what insert returns.
--#include insert_task
local function add(lock)
    local id, state, field, value = ARGV[3], ARGV[5], "pending_since", ARGV[6]
    if state == "aggregating" then field, value = "group", ARGV[7] end
    local refusal
    if state == "scheduled" then
        refusal = insert(ARGV[1] .. id, id, ARGV[4], state, lock, ARGV[8], false)
    else
        refusal = insert(ARGV[1] .. id, id, ARGV[4], state, lock, ARGV[8], false, field, value)
    end
    if refusal then return refusal end
    if state == "pending" then
        if call("LPUSH", KEYS[1], id) == 1 then call("PUBLISH", ARGV[2], "") end
        return
    end
    call("ZADD", KEYS[3], ARGV[6], id)
    if state == "aggregating" then
        call("SADD", KEYS[2], ARGV[7])
    elseif call("ZRANGE", KEYS[3], 0, 0)[1] == id then
        call("PUBLISH", ARGV[2], ARGV[6])
    end
end
