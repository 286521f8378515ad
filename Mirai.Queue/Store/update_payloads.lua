-- Gives scheduled tasks other messages, unless somebody else has changed them meanwhile.
--
-- KEYS[1]   asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- ARGV[1]   asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2..] per task: id, the message it had, the new message
-- Returns   how many were changed, 0, state of the last that was not ("": it is gone; "scheduled": its message was
--           changed)
local changed, last = 0, ""
for i = 2, #ARGV, 3 do
    local hash = ARGV[1] .. ARGV[i]
    local state, message = unpack(redis.call("HMGET", hash, "state", "msg"))
    if state == "scheduled" and message == ARGV[i + 1] then
        redis.call("HSET", hash, "msg", ARGV[i + 2])
        changed = changed + 1
    else
        last = state or ""
    end
end
return { changed, 0, last }
