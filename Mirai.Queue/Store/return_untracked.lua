-- Requeues tasks that a take moved whose reply was lost: they have exactly the lease that the take wrote, which no
-- other take writes and which no worker has extended. The tasks go to the front of their queue, and no attempt is
-- counted.
--
-- KEYS[1]  asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:active   list: ids of running tasks
-- KEYS[3]  asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]  asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake     channel of the workers
-- ARGV[3]  the lease that the lost call wrote: its expiry (Unix seconds), and the token as its fraction
-- ARGV[4]  most tasks to requeue
-- Returns  how many were requeued
local front = {}
redis.call("LLEN", KEYS[1]) -- a WRONGTYPE error must come before the first change
for _, id in ipairs(redis.call("ZRANGEBYSCORE", KEYS[3], ARGV[3], ARGV[3], "LIMIT", 0, ARGV[4])) do
    if redis.call("LREM", KEYS[2], -1, id) > 0 then
        front[#front + 1] = id
        redis.call("HSET", ARGV[1] .. id, "state", "pending")
    end
end
if #front > 0 then
    redis.call("ZREM", KEYS[3], unpack(front))
    if redis.call("RPUSH", KEYS[1], unpack(front)) == #front then
        redis.call("PUBLISH", ARGV[2], "")
    end
end
return #front
