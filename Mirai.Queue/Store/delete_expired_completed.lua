-- Deletes completed tasks whose retention is over, and the uniqueness locks that they hold.
--
-- KEYS[1]  asynq:{<queue>}:pending    list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:completed  zset: task id -> time to delete it (Unix seconds)
-- ARGV[1]  now (Unix seconds)
-- ARGV[2]  asynq:{<queue>}:t:         prefix of the task hashes
-- ARGV[3]  most tasks to delete
-- Returns  how many were deleted
--#include delete_task
local ids = redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[1], "LIMIT", 0, ARGV[3])
for _, id in ipairs(ids) do
    delete_task(ARGV[2], id)
end
if #ids > 0 then
    redis.call("ZREM", KEYS[2], unpack(ids))
end
return #ids
