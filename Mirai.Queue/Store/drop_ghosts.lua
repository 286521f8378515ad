-- Removes expired leases to which nothing else belongs: the task is gone (a ghost), or it does not run. A task that is
-- nowhere else is requeued. Nothing else removes such an id, and while it is there its queue cannot be deleted.
--
-- KEYS[1]    asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]    asynq:{<queue>}:active   list: ids of running tasks
-- KEYS[3]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]    asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]    latest expiry of their lease (Unix seconds)
-- ARGV[3..]  task ids
-- Returns    how many were removed
--#include delete_task
local call, dropped = redis.call, 0
call("LLEN", KEYS[1]) -- a WRONGTYPE error must come before the first change
for i = 3, #ARGV do
    local id, hash = ARGV[i], ARGV[1] .. ARGV[i]
    local lease = call("ZSCORE", KEYS[3], id)
    if lease and tonumber(lease) < ARGV[2] + 1 then
        local message, state = unpack(call("HMGET", hash, "msg", "state"))
        local isStray = message and not call("LPOS", KEYS[2], id)
        if isStray and state == "active" then
            call("HSET", hash, "state", "pending")
            call("RPUSH", KEYS[1], id)
        elseif not message then
            call("LREM", KEYS[2], 0, id)
            delete_task(ARGV[1], id)
        end
        if isStray or not message then
            call("ZREM", KEYS[3], id)
            dropped = dropped + 1
        end
    end
end
return dropped
