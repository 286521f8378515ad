-- Reads one task.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:t:<id>   hash: the task
-- ARGV[1]  task id
-- ARGV[2]  asynq:{<queue>}:         prefix of the sets; those of scheduled and retried tasks are named like the state
-- Returns  nothing when there is no such task; else message, state, due time (Unix seconds, "" if it has none), result or ""
local message, state, result = unpack(redis.call("HMGET", KEYS[2], "msg", "state", "result"))
if not message then
    return {}
end
local due = ""
if state == "scheduled" or state == "retry" then
    due = redis.call("ZSCORE", ARGV[2] .. state, ARGV[1]) or ""
end
return { message, state or "", due, result or "" }
