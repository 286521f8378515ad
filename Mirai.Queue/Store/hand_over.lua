-- Requeues tasks of a dead worker: they go to the front of their queue, and no attempt is counted. A task whose workers
-- died too often stays where it is, for the caller to archive. A task whose lease has changed does not change.
--
-- KEYS[1]    asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]    asynq:{<queue>}:active   list: ids of running tasks
-- KEYS[3]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]    asynq:{<queue>}:t:       prefix of the task hashes; field mirai:crashes counts deaths
-- ARGV[2]    asynq:{<queue>}:wake     channel of the workers
-- ARGV[3]    deaths at which a task is not requeued
-- ARGV[4..]  per task: id, its lease as the caller saw it
-- Returns    how many were requeued, then per task that was not because of its deaths: id, message, deaths
local call, front, reply = redis.call, {}, { 0 }
for i = 4, #ARGV, 2 do
    local id, hash = ARGV[i], ARGV[1] .. ARGV[i]
    local lease, message = call("ZSCORE", KEYS[3], id), call("HGET", hash, "msg")
    if lease and message and tonumber(lease) == tonumber(ARGV[i + 1]) then
        local deaths = call("HINCRBY", hash, "mirai:crashes", 1)
        if deaths >= tonumber(ARGV[3]) then
            reply[#reply + 1] = id
            reply[#reply + 1] = message
            reply[#reply + 1] = deaths
        elseif call("LREM", KEYS[2], -1, id) > 0 then
            front[#front + 1] = id
            call("HSET", hash, "state", "pending")
        end
    end
end
reply[1] = #front
if #front > 0 then
    call("ZREM", KEYS[3], unpack(front))
    if call("RPUSH", KEYS[1], unpack(front)) == #front then call("PUBLISH", ARGV[2], "") end
end
return reply
