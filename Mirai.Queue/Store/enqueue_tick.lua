-- Enqueues the task of one tick of a periodic task, unless that tick or a later one is settled: of any number of
-- schedulers the first one settles it, for all. Settled is a tick too whose task was refused, or would have overlapped
-- the last one. A tick that is settled in the far future comes of a wrong clock and settles nothing.
--
-- KEYS[1]  asynq:{<queue>}:pending          list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:groups           set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:periodic:<name>  hash: tick (Unix seconds of the last one settled), task (the last one
--          enqueued), by (the entry whose tick that was, "" when a later tick came to nothing), spec
-- KEYS[4]  asynq:{<queue>}:scheduled or asynq:{<queue>}:g:*  zset where the task waits unless it is pending
-- KEYS[5]  asynq:{<queue>}:unique:*         string: id of the owner; only when the task has a uniqueness lock
-- ARGV[1]  asynq:{<queue>}:t:               prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake             channel of the workers
-- ARGV[3]  the tick (Unix seconds)
-- ARGV[4]  later ticks than this settle nothing (Unix seconds)
-- ARGV[5]  lifetime of KEYS[3] (seconds)
-- ARGV[6]  1: not while the last task waits or runs; 0: always
-- ARGV[7]  id of the task
-- ARGV[8]  its message
-- ARGV[9]  its state: pending, scheduled or aggregating
-- ARGV[10] since when it is pending (Unix nanoseconds), or its due time or the time added (Unix seconds)
-- ARGV[11] its group ("": none)
-- ARGV[12] lifetime of its lock (seconds)
-- ARGV[13] id of the entry: one that repeats its enqueue after a lost reply hears the same again
-- Returns  what became of the tick (0 settled before, 1 enqueued, 2 overlaps the last task, 3 the id is taken, 4 an
--          equal task holds the lock), the last tick settled (Unix seconds), the id of the lock's owner ("": none)
local call, id, state, hash = redis.call, ARGV[7], ARGV[9], ARGV[1] .. ARGV[7]
local known = call("HMGET", KEYS[3], "tick", "task", "by")
local settled, last = tonumber(known[1] or 0), known[2]
if settled >= tonumber(ARGV[3]) and settled <= tonumber(ARGV[4]) then
    return { known[1] == ARGV[3] and known[3] == ARGV[13] and 1 or 0, known[1], "" }
end
local waits = { pending = true, active = true, scheduled = true, retry = true, aggregating = true }
local outcome, owner = 1, ""
if ARGV[6] == "1" and last and waits[call("HGET", ARGV[1] .. last, "state")] then
    outcome = 2
elseif call("EXISTS", hash) == 1 then
    outcome = 3
elseif KEYS[5] and not call("SET", KEYS[5], id, "NX", "EX", ARGV[12]) then
    outcome, owner = 4, call("GET", KEYS[5]) or ""
elseif state == "pending" then
    call("HSET", hash, "msg", ARGV[8], "state", state, "pending_since", ARGV[10])
    if call("LPUSH", KEYS[1], id) == 1 then call("PUBLISH", ARGV[2], "") end
else
    call("HSET", hash, "msg", ARGV[8], "state", state)
    call("ZADD", KEYS[4], ARGV[10], id)
    if state == "scheduled" and call("ZRANGE", KEYS[4], 0, 0)[1] == id then call("PUBLISH", ARGV[2], ARGV[10]) end
end
if outcome == 1 and state == "aggregating" then
    call("HSET", hash, "group", ARGV[11])
    call("SADD", KEYS[2], ARGV[11])
elseif outcome == 1 and KEYS[5] then
    call("HSET", hash, "unique_key", KEYS[5])
end
local task, by = last or "", ""
if outcome == 1 then task, by = id, ARGV[13] end
call("HSET", KEYS[3], "tick", ARGV[3], "task", task, "by", by)
call("EXPIRE", KEYS[3], ARGV[5])
return { outcome, ARGV[3], owner }
