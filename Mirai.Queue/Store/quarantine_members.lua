-- Quarantines tasks of an aggregation set, so that the other tasks can be aggregated: a task whose message is
-- unreadable goes to the archive as it is, and an id whose task is gone is dropped.
--
-- KEYS[1]    asynq:{<queue>}:pending          list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:g:<group>:<set>  zset: task id -> time added to the group (Unix seconds)
-- KEYS[3]    asynq:{<queue>}:archived         zset: task id -> time archived (Unix seconds)
-- ARGV[1]    asynq:{<queue>}:t:               prefix of the task hashes
-- ARGV[2]    now (Unix seconds)
-- ARGV[3..]  task ids
-- Returns    how many were archived
--#include delete_task
local archived = 0
for i = 3, #ARGV do
    local hash = ARGV[1] .. ARGV[i]
    if redis.call("ZREM", KEYS[2], ARGV[i]) == 1 then
        if redis.call("HEXISTS", hash, "msg") == 1 then
            redis.call("ZADD", KEYS[3], ARGV[2], ARGV[i])
            redis.call("HSET", hash, "state", "archived")
            archived = archived + 1
        else
            delete_task(ARGV[1], ARGV[i])
        end
    end
end
return archived
