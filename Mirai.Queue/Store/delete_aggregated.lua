-- Deletes tasks of an aggregation set whose aggregate is in its queue, and the uniqueness locks that they hold.
--
-- KEYS[1]  asynq:{<queue>}:pending           list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:g:<group>:<set>   zset: task id -> time added to the group (Unix seconds)
-- KEYS[3]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- ARGV[1]  asynq:{<queue>}:t:                prefix of the task hashes
-- ARGV[2]  deadline of a set whose tasks are to be deleted (Unix seconds)
-- ARGV[3]  most tasks to delete
-- Returns  how many are left
--#include delete_task
local deadline = redis.call("ZSCORE", KEYS[3], KEYS[2])
if not deadline or tonumber(deadline) ~= tonumber(ARGV[2]) then
    return 0
end
local gone = redis.call("ZRANGE", KEYS[2], 0, ARGV[3] - 1)
for _, id in ipairs(gone) do
    delete_task(ARGV[1], id)
end
if #gone > 0 then
    redis.call("ZREMRANGEBYRANK", KEYS[2], 0, #gone - 1)
end
local left = redis.call("ZCARD", KEYS[2])
if left == 0 then
    redis.call("ZREM", KEYS[3], KEYS[2])
end
return left
