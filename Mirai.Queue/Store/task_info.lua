-- Reads one task.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:t:<id>   hash: the task
-- KEYS[3]  asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]  task id
-- ARGV[2]  asynq:{<queue>}:         prefix of the sets; those of scheduled and retried tasks are named like the state
-- Returns  nothing when there is no such task; else message, state, due time or, of an active task, lease expiry (Unix
--          seconds, "" if it has none), result or ""
local message, state, result = unpack(redis.call("HMGET", KEYS[2], "msg", "state", "result"))
if not message then
    return {}
end
local score = ""
if state == "scheduled" or state == "retry" then
    score = redis.call("ZSCORE", ARGV[2] .. state, ARGV[1]) or ""
elseif state == "active" then
    score = redis.call("ZSCORE", KEYS[3], ARGV[1]) or ""
end
return { message, state or "", score, result or "" }
