-- Enqueues the task of one tick of a periodic task, unless this tick or a later one is settled: the first of many
-- schedulers settles a tick for all of them. A tick whose task was refused, or would overlap the last task, is settled
-- too. A settled tick in the far future was written with a wrong clock and settles nothing.
--
-- KEYS[1]  asynq:{<queue>}:pending          list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:groups           set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:scheduled or asynq:{<queue>}:g:<group>  zset where the task waits unless it is pending
-- KEYS[4]  asynq:{<queue>}:periodic:<name>  hash: tick (Unix seconds of the last tick settled), task (the last task
--          enqueued), by (the entry that enqueued it; "" when a later tick enqueued nothing), spec
-- KEYS[5]  asynq:{<queue>}:unique:*         string: id of the owner; only when the task has a uniqueness lock
-- ARGV[1]  asynq:{<queue>}:t:               prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake             channel of the workers
-- ARGV[3]  id of the task
-- ARGV[4]  its message
-- ARGV[5]  its state: pending, scheduled or aggregating
-- ARGV[6]  since when it is pending (Unix nanoseconds), or its due time or the time added (Unix seconds)
-- ARGV[7]  its group ("": none)
-- ARGV[8]  lifetime of its lock (seconds)
-- ARGV[9]  the tick (Unix seconds)
-- ARGV[10] later ticks than this settle nothing (Unix seconds)
-- ARGV[11] lifetime of KEYS[4] (seconds)
-- ARGV[12] 1: not while the last task waits or runs; 0: always
-- ARGV[13] id of the entry: an entry that repeats its enqueue after a lost reply gets the same reply again
-- Returns  what became of the tick (0 settled before, 1 enqueued, 2 overlaps the last task, 3 the id is taken, 4 an
--          equal task holds the lock), the last tick settled (Unix seconds), the id of the lock's owner ("": none)
--#include add_one_task
local known = call("HMGET", KEYS[4], "tick", "task", "by")
local settled, task, by = tonumber(known[1] or 0), known[2] or "", ""
if settled >= tonumber(ARGV[9]) and settled <= tonumber(ARGV[10]) then
    return { known[1] == ARGV[9] and known[3] == ARGV[13] and 1 or 0, known[1], "" }
end
local waits = { pending = true, active = true, scheduled = true, retry = true, aggregating = true }
local outcome, owner = 1, nil
if ARGV[12] == "1" and known[2] and waits[call("HGET", ARGV[1] .. task, "state")] then
    outcome = 2
else
    owner = add(KEYS[5])
end
if owner then outcome = owner == "" and 3 or 4 end
if outcome == 1 then task, by = ARGV[3], ARGV[13] end
call("HSET", KEYS[4], "tick", ARGV[9], "task", task, "by", by)
call("EXPIRE", KEYS[4], ARGV[11])
return { outcome, ARGV[9], owner or "" }
