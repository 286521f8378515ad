-- Enqueues the task of one tick of a periodic task, unless this tick or a later one is settled: the first of many
-- schedulers settles a tick for all of them. A tick whose task was refused, or would overlap the last task, is settled
-- too. The last task is searched at both ends of the lists (100,000 messages) and among the first 1,000 retries.
--
-- KEYS[1]  asynq:queues                     set: the lists of all queues
-- KEYS[2]  asynq:enqueued                   zset: task id -> until when it is remembered (Unix seconds)
-- KEYS[3]  asynq:queues:<queue>             list: messages, oldest at the tail
-- KEYS[4]  asynq:scheduled                  zset: message -> due time (Unix seconds)
-- KEYS[5]  asynq:retry                      zset: message -> due time (Unix seconds)
-- KEYS[6]  asynq:in_progress                list: messages of running tasks
-- KEYS[7]  asynq:periodic:<queue>:<name>    hash: tick (Unix seconds of the last one settled), task and id (the last
--          one enqueued), by (the entry whose tick that was), spec
-- KEYS[8]  <type>:<payload>:<queue>         string: id of the owner; only when the task has a uniqueness lock
-- ARGV[1]  now (Unix seconds)
-- ARGV[2]  asynq:wake:<queue>               channel of the workers
-- ARGV[3]  the tick (Unix seconds)
-- ARGV[4]  later ticks than this settle nothing (Unix seconds)
-- ARGV[5]  lifetime of KEYS[7] (seconds)
-- ARGV[6]  1: not while the last task waits or runs; 0: always
-- ARGV[7]  id of the task
-- ARGV[8]  its message
-- ARGV[9]  its due time (Unix seconds; "": now)
-- ARGV[10] lifetime of its lock (seconds)
-- ARGV[11] how long its id is remembered (seconds)
-- ARGV[12] id of the entry: one that repeats its enqueue after a lost reply hears the same again
-- Returns  what became of the tick (0 settled before, 1 enqueued, 2 overlaps the last task, 3 the id is taken, 4 an
--          equal task holds the lock), the last tick settled (Unix seconds), the id of the lock's owner ("": none)
--#include legacy_insert_task
local id, message = ARGV[7], ARGV[8]
local known = call("HMGET", KEYS[7], "tick", "task", "by", "id")
local settled = tonumber(known[1] or 0)
if settled >= tonumber(ARGV[3]) and settled <= tonumber(ARGV[4]) then
    return { known[1] == ARGV[3] and known[3] == ARGV[12] and 1 or 0, known[1], "" }
end
local function waits(last, lastId)
    if call("ZSCORE", KEYS[4], last) or call("LPOS", KEYS[6], last, "MAXLEN", 100000)
        or call("LPOS", KEYS[3], last, "MAXLEN", 100000)
        or call("LPOS", KEYS[3], last, "RANK", -1, "MAXLEN", 100000) then return true end
    for _, retry in ipairs(call("ZRANGE", KEYS[5], 0, 999)) do
        if string.find(retry, lastId, 1, true) then return true end
    end
end
local outcome, refusal = 1, nil
if ARGV[6] == "1" and known[2] and known[4] and known[2] ~= "" and waits(known[2], known[4]) then
    outcome = 2
else
    refusal = claim(id, KEYS[8], ARGV[10], ARGV[11])
end
if refusal then outcome = refusal == "" and 3 or 4 end
if outcome == 1 then
    call("SADD", KEYS[1], KEYS[3])
    if ARGV[9] == "" then call("LPUSH", KEYS[3], message) else call("ZADD", KEYS[4], ARGV[9], message) end
    call("PUBLISH", ARGV[2], ARGV[9])
end
local task, by = known[2] or "", ""
if outcome == 1 then task, by = message, ARGV[12] end
call("HSET", KEYS[7], "tick", ARGV[3], "task", task, "by", by, "id", outcome == 1 and id or known[4] or "")
call("EXPIRE", KEYS[7], ARGV[5])
return { outcome, ARGV[3], refusal ~= "?" and refusal or "" }
