-- Moves, changes or deletes messages of one place, each only while it is there, with the score that it was seen with.
--
-- KEYS[1]   asynq:queues              set: the lists of all queues
-- KEYS[2]   asynq:queues:<queue>, or asynq:scheduled, asynq:retry, asynq:dead   where the messages are
-- KEYS[3]   one of these              where they go (not used when they are deleted)
-- KEYS[4..] <type>:<payload>:<queue>  string: id of the owner; locks to give back, or to lengthen by what a task is put off
-- ARGV[1]   the end from which a list is searched: 1 its head, -1 its tail; "" for a set
-- ARGV[2]   where they go: "list", "zset" or "" (nowhere)
-- ARGV[3]   asynq:wake:<queue>        channel of the workers; "" if there is nothing for them to do
-- ARGV[4..] per task: message, its score, new message, new score, index of its lock in KEYS (0: none), its id
-- Returns   how many were there
local call, target, moved, news = redis.call, ARGV[2], 0, false
call(target == "list" and "LLEN" or target == "zset" and "ZCARD" or "EXISTS", KEYS[3])
for i = 4, #ARGV, 6 do
    local message, score, lock = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 4])
    local removed
    if ARGV[1] ~= "" then
        removed = call("LREM", KEYS[2], ARGV[1], message)
    else
        removed = tonumber(call("ZSCORE", KEYS[2], message) or "nan") == score and call("ZREM", KEYS[2], message) or 0
    end
    if removed == 1 then
        moved = moved + 1
        if target == "zset" then call("ZADD", KEYS[3], ARGV[i + 3], ARGV[i + 2]) end
        if target == "zset" and tonumber(ARGV[i + 3]) < score then news = ARGV[i + 3] end
        if target == "list" and call("LPUSH", KEYS[3], ARGV[i + 2]) == 1 then news = "" end
        if lock > 0 and redis.pcall("GET", KEYS[lock]) == ARGV[i + 5] then
            local later, left = target == "zset" and ARGV[i + 3] - score or 0, call("PTTL", KEYS[lock])
            if target == "" then call("DEL", KEYS[lock]) end
            if later > 0 and left > 0 then call("PEXPIRE", KEYS[lock], string.format("%.0f", left + later * 1000)) end
        end
    end
end
if target == "list" and moved > 0 then call("SADD", KEYS[1], KEYS[3]) end
if news and ARGV[3] ~= "" then call("PUBLISH", ARGV[3], news) end
return moved
