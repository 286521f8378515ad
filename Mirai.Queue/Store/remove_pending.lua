-- Takes tasks out of the middle of the pending list, and archives or deletes them. All ids
-- together cost two passes over the nearer end of the list (LREM would cost one pass for each id).
--
-- KEYS[1]   asynq:{<queue>}:pending   list: task ids, oldest at the tail
-- KEYS[2]   asynq:{<queue>}:archived  zset: task id -> time archived (Unix seconds)
-- ARGV[1]   asynq:{<queue>}:t:        prefix of the task hashes
-- ARGV[2]   now (Unix seconds) to archive them; "" to delete them and give back their uniqueness locks
-- ARGV[3]   1 when they are nearer to the head of the list, -1 when nearer to the tail
-- ARGV[4]   how many ids lay from the first of them to the last
-- ARGV[5..] task ids, in the order of the list
-- Returns   how many were taken out; -1: the first is no longer there, so nothing was done
--#include delete_task
local call, side, wanted, removed = redis.call, tonumber(ARGV[3]), {}, 0
local first = call("LPOS", KEYS[1], ARGV[5], "RANK", side)
if not first then
    return -1
end
call("ZCARD", KEYS[2]) -- what Redis could refuse is looked at before anything changes
for i = 5, #ARGV do
    wanted[ARGV[i]] = true
end
for offset, id in ipairs(call("LRANGE", KEYS[1], first, first + ARGV[4] - 1)) do
    local hash = ARGV[1] .. id
    if wanted[id] and call("HGET", hash, "state") == "pending" then
        call("LSET", KEYS[1], first + offset - 1, "") -- the id of no task
        removed = removed + 1
        if ARGV[2] ~= "" then
            call("ZADD", KEYS[2], ARGV[2], id)
            call("HSET", hash, "state", "archived")
        else
            delete_task(ARGV[1], id)
        end
    end
end
if removed > 0 then call("LREM", KEYS[1], side * removed, "") end
return removed
