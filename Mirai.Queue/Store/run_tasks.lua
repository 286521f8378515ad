-- Moves tasks to the end of the queue. The ids leave their old places last, so that an error loses no id.
--
-- KEYS[1]   asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]   asynq:{<queue>}:groups   set: names of the groups to look at
-- KEYS[3]   the zset that the ids were read from; only with ARGV[5]
-- ARGV[1]   asynq:{<queue>}:         prefix of the zsets, each named like the state of its tasks
-- ARGV[2]   asynq:{<queue>}:t:       prefix of the task hashes; field mirai:crashes starts again
-- ARGV[3]   asynq:{<queue>}:g:       prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[4]   asynq:{<queue>}:wake     channel of the workers
-- ARGV[5]   state that the tasks must have; "" for any in which a task can be run
-- ARGV[6..] per task: id, score that it must have ("" for any)
-- Returns   how many were moved, how many were not but are still in KEYS[3], state of the last that was not ("": it is
--           gone)
--#include delete_task
local call, wanted, sets, moved, kept, last = redis.call, ARGV[5], {}, {}, 0, ""
for i = 6, #ARGV, 2 do
    local id, hash = ARGV[i], ARGV[2] .. ARGV[i]
    local state, group = unpack(call("HMGET", hash, "state", "group"))
    local set = state == "aggregating" and ARGV[3] .. (group or "") or ARGV[1] .. (state or "")
    local score = state and state ~= "active" and state ~= "pending" and (wanted == "" or state == wanted)
        and call("ZSCORE", set, id)
    if score and (ARGV[i + 1] == "" or tonumber(score) == tonumber(ARGV[i + 1])) then
        moved[#moved + 1], sets[#sets + 1] = id, { set, state == "aggregating" and group }
    elseif wanted ~= "" and not state then
        call("ZREM", KEYS[3], id)
        delete_task(ARGV[2], id)
    else
        last = state or ""
        kept = kept + (wanted ~= "" and call("ZSCORE", KEYS[3], id) and 1 or 0)
    end
end
if #moved > 0 and call("LPUSH", KEYS[1], unpack(moved)) == #moved then
    call("PUBLISH", ARGV[4], "")
end
for i, id in ipairs(moved) do
    call("HSET", ARGV[2] .. id, "state", "pending")
    call("HDEL", ARGV[2] .. id, "mirai:crashes")
    call("ZREM", sets[i][1], id)
    if sets[i][2] and call("EXISTS", sets[i][1]) == 0 then call("SREM", KEYS[2], sets[i][2]) end
end
return { #moved, kept, last }
