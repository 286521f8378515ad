-- Stores what a handler has to say, while its worker owns the task. Writing to a task that is gone would leave a hash
-- that blocks the id for ever.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- KEYS[3]  asynq:{<queue>}:t:<id>   hash: the task
-- ARGV[1]  task id
-- ARGV[2]  the token of its take (of 2^20)
-- ARGV[3]  result
-- Returns  1, or 0 when the task is somebody else's
local lease = tonumber(redis.call("ZSCORE", KEYS[2], ARGV[1]))
if not lease or lease % 1 * 1048576 ~= tonumber(ARGV[2]) or redis.call("EXISTS", KEYS[3]) == 0 then
    return 0
end
redis.call("HSET", KEYS[3], "result", ARGV[3])
return 1
