-- Deletes archived tasks that are too old or too many, the oldest first, and the uniqueness locks that they hold.
--
-- KEYS[1]  asynq:{<queue>}:pending   list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:archived  zset: task id -> time archived (Unix seconds)
-- ARGV[1]  tasks archived then or earlier are too old (Unix seconds)
-- ARGV[2]  how many may stay
-- ARGV[3]  asynq:{<queue>}:t:        prefix of the task hashes
-- ARGV[4]  most tasks to delete
-- Returns  how many were deleted
--#include delete_task
local most = tonumber(ARGV[4])
local ids = redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[1], "LIMIT", 0, most)
local excess = math.min(redis.call("ZCARD", KEYS[2]) - tonumber(ARGV[2]), most)
if excess > #ids then
    ids = redis.call("ZRANGE", KEYS[2], 0, excess - 1)
end
for _, id in ipairs(ids) do
    delete_task(ARGV[3], id)
end
if #ids > 0 then
    redis.call("ZREM", KEYS[2], unpack(ids))
end
return #ids
