-- Requeues tasks of a dead worker, and counts no attempt. After the first death of its workers a task goes to the front
-- of its queue. After another death it goes to "retry", each task a second later than the one before: if one of them
-- kills its workers, the others shall not run beside it again. At the limit a task stays where it is, for the caller to
-- archive. A task whose lease has changed does not change.
--
-- KEYS[1]    asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]    asynq:{<queue>}:active   list: ids of running tasks
-- KEYS[3]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- KEYS[4]    asynq:{<queue>}:retry    zset: task id -> due time (Unix seconds)
-- ARGV[1]    asynq:{<queue>}:t:       prefix of the task hashes; field mirai:crashes counts deaths
-- ARGV[2]    asynq:{<queue>}:wake     channel of the workers
-- ARGV[3]    deaths at which a task is not requeued
-- ARGV[4]    now (Unix seconds)
-- ARGV[5..]  per task: id, its lease as the caller saw it
-- Returns    how many were requeued, then per task that was not because of its deaths: id, message, deaths
local call, front, due, reply = redis.call, {}, tonumber(ARGV[4]), { 0 }
call("LLEN", KEYS[1]) -- a WRONGTYPE error must come before the first change
call("ZCARD", KEYS[4])
for i = 5, #ARGV, 2 do
    local id, hash = ARGV[i], ARGV[1] .. ARGV[i]
    local lease, message = call("ZSCORE", KEYS[3], id), call("HGET", hash, "msg")
    if lease and message and tonumber(lease) == tonumber(ARGV[i + 1]) and call("LPOS", KEYS[2], id) then
        local deaths = call("HINCRBY", hash, "mirai:crashes", 1)
        if deaths >= tonumber(ARGV[3]) then
            for _, value in ipairs({ id, message, deaths }) do reply[#reply + 1] = value end
        else
            call("LREM", KEYS[2], -1, id)
            call("ZREM", KEYS[3], id)
            call("HSET", hash, "state", deaths == 1 and "pending" or "retry")
            if deaths == 1 then front[#front + 1] = id else due = due + 1 end
            if deaths > 1 then call("ZADD", KEYS[4], due, id) end
            reply[1] = reply[1] + 1
        end
    end
end
if #front > 0 and call("RPUSH", KEYS[1], unpack(front)) == #front then call("PUBLISH", ARGV[2], "") end
if due > tonumber(ARGV[4]) then call("PUBLISH", ARGV[2], ARGV[4] + 1) end
return reply
