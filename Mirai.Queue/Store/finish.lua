-- Writes the outcomes of running tasks: each task moves from "active" to the place that its outcome names. The worker
-- owns a task while the fraction of its lease is the token of the worker's take. A task of another worker does not
-- change. The types of the sets are checked first: a WRONGTYPE error must not leave the batch half done.
--
-- KEYS[1]    asynq:{<queue>}:pending          list: task ids, oldest at the tail
-- KEYS[2]    asynq:{<queue>}:active           list: ids of running tasks
-- KEYS[3]    asynq:{<queue>}:lease            zset: task id -> lease expiry (Unix seconds)
-- KEYS[4]    asynq:{<queue>}:processed:<day>  string: tasks processed this UTC day
-- KEYS[5]    asynq:{<queue>}:failed:<day>     string: tasks failed this UTC day
-- KEYS[6]    asynq:{<queue>}:processed        string: tasks processed in all
-- KEYS[7]    asynq:{<queue>}:failed           string: tasks failed in all
-- KEYS[8]    asynq:{<queue>}:retry            zset: task id -> due time (Unix seconds)
-- KEYS[9]    asynq:{<queue>}:archived         zset: task id -> time archived (Unix seconds)
-- KEYS[10]   asynq:{<queue>}:completed        zset: task id -> time to delete it (Unix seconds)
-- KEYS[11..] asynq:{<queue>}:unique:*         string: id of the owner; the locks to release
-- ARGV[1]    asynq:{<queue>}:t:               prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:wake             channel of the workers
-- ARGV[3]    when the counters of this day expire (Unix seconds)
-- ARGV[4]    2^63 - 1, where the totals start again (compared as doubles, like Asynq's)
-- ARGV[5..11] how many tasks are done (and deleted), go back to the front, retry after a failure, retry without one,
--            are archived, are completed, are dropped after a failure (and deleted)
-- ARGV[12..] the ids in that order; the token of its take (of 2^20) or the whole lease that an observer saw, per id;
--            the new message ("": unchanged) and the score, per id from "retry after a failure" to "completed"; for
--            KEYS[11..] the position of the task among the ids
-- Returns    positions (from 1) of the tasks that belong to another worker
local call, prefix, counts = redis.call, ARGV[1], { 0, 0, 0, 0, 0, 0, 0 }
local states = { false, "pending", "retry", "retry", "archived", "completed", false }
local sets = { false, false, KEYS[8], KEYS[8], KEYS[9], KEYS[10], false }
local size = ARGV[5] + ARGV[6] + ARGV[7] + ARGV[8] + ARGV[9] + ARGV[10] + ARGV[11]
local leases, isLong = call("ZMSCORE", KEYS[3], unpack(ARGV, 12, 11 + size)), call("LLEN", KEYS[2]) > 200
for i = 2, 6 do if ARGV[4 + i] ~= "0" then call(i == 2 and "LLEN" or "ZCARD", sets[i] or KEYS[1]) end end
local lost, left, gone, front, mine, position, more = {}, {}, {}, {}, {}, 0, 12 + 2 * size
for outcome = 1, 7 do
    for _ = 1, ARGV[4 + outcome] do
        position = position + 1
        local id, fence, lease = ARGV[11 + position], tonumber(ARGV[11 + size + position]), tonumber(leases[position])
        local isMine = lease and (lease % 1 * 1048576 == fence or lease == fence)
        local isNew = isMine and isLong and call("LPOS", KEYS[2], id, "MAXLEN", 100)
        if not isMine or call("LREM", KEYS[2], isNew and 1 or -1, id) == 0 then
            lost[#lost + 1] = position
        else
            left[#left + 1], mine[position], counts[outcome] = id, id, counts[outcome] + 1
            local state, hash = states[outcome], prefix .. id
            if outcome == 2 then front[#front + 1] = id end
            if state then call("HSET", hash, "state", state) else gone[#gone + 1] = hash end
            if sets[outcome] then call("ZADD", sets[outcome], ARGV[more + 1], id) end
            if sets[outcome] and ARGV[more] ~= "" then call("HSET", hash, "msg", ARGV[more]) end
        end
        more = more + (sets[outcome] and 2 or 0)
    end
end
if left[1] then call("ZREM", KEYS[3], unpack(left)) end
if gone[1] then call("DEL", unpack(gone)) end
if #front > 0 and call("RPUSH", KEYS[1], unpack(front)) == #front then call("PUBLISH", ARGV[2], "") end
for lock = 11, #KEYS do
    local owner = mine[tonumber(ARGV[more + lock - 11])]
    if owner and call("GET", KEYS[lock]) == owner then call("DEL", KEYS[lock]) end
end
local failed, others, total = counts[3] + counts[5] + counts[7], counts[1] + counts[6], call("GET", KEYS[6]) or 0
for i, number in ipairs(failed > 0 and { others + failed, failed } or others > 0 and { others } or {}) do
    if call("INCRBY", KEYS[3 + i], number) == number then call("EXPIREAT", KEYS[3 + i], ARGV[3]) end
    call(1.0 * total + others + failed >= 1.0 * ARGV[4] and "SET" or "INCRBY", KEYS[5 + i], number)
end
return lost
