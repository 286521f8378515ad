-- Deletes dead tasks that are too old or too many, the oldest first, and the uniqueness locks that they hold.
--
-- KEYS[1]  asynq:queues  set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]  asynq:dead    zset: message -> time of death (Unix seconds)
-- ARGV[1]  tasks that died then or earlier are too old (Unix seconds)
-- ARGV[2]  how many may stay
-- ARGV[3]  most tasks to delete
-- Returns  how many were deleted
local most = tonumber(ARGV[3])
local messages = redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[1], "LIMIT", 0, most)
local excess = math.min(redis.call("ZCARD", KEYS[2]) - tonumber(ARGV[2]), most)
if excess > #messages then
    messages = redis.call("ZRANGE", KEYS[2], 0, excess - 1)
end
for _, message in ipairs(messages) do
    local isText, task = pcall(cjson.decode, message)
    local lock = isText and type(task) == "table" and task.UniqueKey
    if type(lock) == "string" and lock ~= "" and redis.pcall("GET", lock) == task.ID then redis.call("DEL", lock) end
end
if #messages > 0 then
    redis.call("ZREM", KEYS[2], unpack(messages))
end
return #messages
