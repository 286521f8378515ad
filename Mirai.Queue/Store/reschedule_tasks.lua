-- Gives tasks another due time, and tells the workers when it is earlier than before. When a task is due later, its
-- uniqueness lock lasts longer by the same time.
--
-- KEYS[1]   asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- ARGV[1]   asynq:{<queue>}:         prefix of the zsets of scheduled and retried tasks, which are named like the
--           state
-- ARGV[2]   asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]   asynq:{<queue>}:wake     channel of the workers
-- ARGV[4]   due time (Unix seconds)
-- ARGV[5]   state that the tasks must have; "" for either
-- ARGV[6..] per task: id, score that it must have ("" for any)
-- Returns   how many have the due time now, 0, state of the last that has not ("": it is gone)
local call, wanted, moved, last, isEarlier = redis.call, ARGV[5], 0, "", false
for i = 6, #ARGV, 2 do
    local id = ARGV[i]
    local state, lock = unpack(call("HMGET", ARGV[2] .. id, "state", "unique_key"))
    local score = (state == "scheduled" or state == "retry") and (wanted == "" or state == wanted)
        and call("ZSCORE", ARGV[1] .. state, id)
    if score and (ARGV[i + 1] == "" or tonumber(score) == tonumber(ARGV[i + 1])) then
        call("ZADD", ARGV[1] .. state, ARGV[4], id)
        moved = moved + 1
        local later = ARGV[4] - score
        local left = later > 0 and lock and lock ~= "" and call("GET", lock) == id and call("PTTL", lock) or -1
        if left > 0 then call("PEXPIRE", lock, string.format("%.0f", left + later * 1000)) end
        isEarlier = isEarlier or later < 0
    else
        last = state or ""
    end
end
if isEarlier then call("PUBLISH", ARGV[3], ARGV[4]) end
return { moved, 0, last }
