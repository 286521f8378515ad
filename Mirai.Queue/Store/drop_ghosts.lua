-- Removes ids from "active" whose task is gone. Nothing else removes such an id, and while it is there its queue
-- cannot be deleted.
--
-- KEYS[1]    asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:active   list: ids of running tasks
-- KEYS[3]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]    asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]    latest expiry of their lease (Unix seconds)
-- ARGV[3..]  task ids
-- Returns    how many were removed
--#include delete_task
local dropped = 0
for i = 3, #ARGV do
    local lease, hash = redis.call("ZSCORE", KEYS[3], ARGV[i]), ARGV[1] .. ARGV[i]
    if lease and tonumber(lease) <= tonumber(ARGV[2]) and redis.call("HEXISTS", hash, "msg") == 0 then
        redis.call("LREM", KEYS[2], 0, ARGV[i])
        redis.call("ZREM", KEYS[3], ARGV[i])
        delete_task(ARGV[1], ARGV[i])
        dropped = dropped + 1
    end
end
return dropped
