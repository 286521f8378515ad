-- Deletes the first tasks of a container of a deleted queue, and releases their uniqueness locks.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  the container
-- ARGV[1]  asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]  "list" or "zset": what the container is
-- ARGV[3]  most tasks to delete
-- Returns  how many were deleted
--#include delete_task
local ids
if ARGV[2] == "list" then
    ids = redis.call("LRANGE", KEYS[2], 0, ARGV[3] - 1)
    redis.call("LTRIM", KEYS[2], #ids, -1)
else
    ids = redis.call("ZRANGE", KEYS[2], 0, ARGV[3] - 1)
    redis.call("ZREMRANGEBYRANK", KEYS[2], 0, ARGV[3] - 1)
end
for _, id in ipairs(ids) do
    delete_task(ARGV[1], id)
end
return #ids
