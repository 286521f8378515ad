-- Counts the messages of one queue in a part of a place.
--
-- KEYS[1]  asynq:queues  set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]  asynq:queues:<queue>, or asynq:in_progress, asynq:scheduled, asynq:retry, asynq:dead   where the messages are
-- ARGV[1]  "list" or "zset"
-- ARGV[2]  the first to look at (from 0)
-- ARGV[3]  the last
-- ARGV[4]  the queue, in small letters; "" for all
-- Returns  messages looked at, those of the queue, how many bytes these have
local messages = redis.call(ARGV[1] == "list" and "LRANGE" or "ZRANGE", KEYS[2], ARGV[2], ARGV[3])
local count, bytes = 0, 0
for _, message in ipairs(messages) do
    local read, task = pcall(cjson.decode, message)
    local queue = read and type(task) == "table" and type(task.Queue) == "string" and string.lower(task.Queue)
    if ARGV[4] == "" or queue == ARGV[4] then
        count, bytes = count + 1, bytes + #message
    end
end
return { #messages, count, bytes }
