-- Reads the hashes of tasks.
--
-- KEYS[1]   asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- ARGV[1]   asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]   size of messages and results (bytes) after which no further task is read
-- ARGV[3..] task ids
-- Returns   per task, until the limit is reached: message, state, result, when it became pending (Unix nanoseconds);
--           "" for what it does not have
local reply, room, i = {}, tonumber(ARGV[2]), 3
while i <= #ARGV and room > 0 do
    local fields = redis.call("HMGET", ARGV[1] .. ARGV[i], "msg", "state", "result", "pending_since")
    for field = 1, 4 do
        reply[#reply + 1] = fields[field] or ""
    end
    room = room - #reply[#reply - 3] - #reply[#reply - 1]
    i = i + 1
end
return reply
