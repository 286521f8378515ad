-- Requeues running tasks that have no lease, which no worker renews and no recoverer finds. A take writes both at once:
-- a lost key is the cause. No attempt is counted. An id whose task is gone (a ghost) is dropped. Nothing changes while
-- there are deadlines, which workers of Asynq before 0.22 write in place of leases.
--
-- KEYS[1]  asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:active   list: ids of running tasks
-- KEYS[3]  asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- KEYS[4]  asynq:{<queue>}:deadlines  zset: task id -> deadline (Unix seconds)
-- ARGV[1]  asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:wake     channel of the workers
-- ARGV[3]  how many running tasks to pass over
-- ARGV[4]  how many to look at
-- Returns  how many were looked at, requeued, dropped
--#include delete_task
local call, front, dropped = redis.call, {}, 0
if call("EXISTS", KEYS[4]) == 1 then return { 0, 0, 0 } end
call("LLEN", KEYS[1]) -- a WRONGTYPE error must come before the first change
local ids = call("LRANGE", KEYS[2], ARGV[3], ARGV[3] + ARGV[4] - 1)
local leases = #ids > 0 and call("ZMSCORE", KEYS[3], unpack(ids)) or {}
for i, id in ipairs(ids) do
    if not leases[i] then
        if call("HEXISTS", ARGV[1] .. id, "msg") == 1 then
            front[#front + 1] = id
            call("HSET", ARGV[1] .. id, "state", "pending")
        else
            dropped = dropped + 1
            delete_task(ARGV[1], id)
        end
        call("LREM", KEYS[2], 0, id)
    end
end
if #front > 0 and call("RPUSH", KEYS[1], unpack(front)) == #front then call("PUBLISH", ARGV[2], "") end
return { #ids, #front, dropped }
