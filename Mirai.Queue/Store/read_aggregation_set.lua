-- Reads tasks of an aggregation set, the oldest first.
--
-- KEYS[1]  asynq:{<queue>}:pending          list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:g:<group>:<set>  zset: task id -> time added to the group (Unix seconds)
-- ARGV[1]  asynq:{<queue>}:t:               prefix of the task hashes
-- ARGV[2]  how many to pass over
-- ARGV[3]  most tasks to read
-- ARGV[4]  size of messages (bytes) after which no further task is read
-- Returns  per task: id, message ("" when the task is gone)
local reply, room = {}, tonumber(ARGV[4])
for _, id in ipairs(redis.call("ZRANGE", KEYS[2], ARGV[2], ARGV[2] + ARGV[3] - 1)) do
    if room <= 0 then break end
    local message = redis.call("HGET", ARGV[1] .. id, "msg") or ""
    room = room - #message
    reply[#reply + 1] = id
    reply[#reply + 1] = message
end
return reply
