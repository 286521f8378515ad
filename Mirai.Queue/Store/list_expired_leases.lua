-- Lists tasks whose lease has expired, the oldest lease first.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- KEYS[3]  asynq:{<queue>}:active   list: ids of running tasks
-- ARGV[1]  latest expiry to list (Unix seconds); the fraction of a lease does not count
-- ARGV[2]  asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]  how many to pass over
-- ARGV[4]  how many to list
-- Returns  running tasks less leases (0 when all is well), then per task: id, lease expiry (Unix seconds), message (""
--          when the task is gone)
local reply = { redis.call("LLEN", KEYS[3]) - redis.call("ZCARD", KEYS[2]) }
local bound = "(" .. ARGV[1] + 1
local leases = redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", bound, "WITHSCORES", "LIMIT", ARGV[3], ARGV[4])
for i = 1, #leases, 2 do
    reply[#reply + 1] = leases[i]
    reply[#reply + 1] = leases[i + 1]
    reply[#reply + 1] = redis.call("HGET", ARGV[2] .. leases[i], "msg") or ""
end
return reply
