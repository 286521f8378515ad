-- Moves tasks of all queues that are due to the end of their queue. Bytes that are no message go to the dead tasks as
-- they are.
--
-- KEYS[1]  asynq:queues     set: the lists of all queues
-- KEYS[2]  asynq:scheduled  zset: message -> due time (Unix seconds)
-- KEYS[3]  asynq:retry      zset: message -> due time (Unix seconds)
-- KEYS[4]  asynq:dead       zset: message -> time of death (Unix seconds)
-- ARGV[1]  now (Unix seconds)
-- ARGV[2]  asynq:queues:    prefix of the lists
-- ARGV[3]  asynq:wake:      prefix of the channels of the workers
-- ARGV[4]  most tasks to move
-- Returns  tasks moved, then the earliest due time that is left (Unix seconds) unless nothing is
local call, room, total, due = redis.call, tonumber(ARGV[4]), 0, {}
for source = 2, 3 do
    local messages = call("ZRANGEBYSCORE", KEYS[source], "-inf", ARGV[1], "LIMIT", 0, room)
    for _, message in ipairs(messages) do
        local read, task = pcall(cjson.decode, message)
        local queue = read and type(task) == "table" and type(task.Queue) == "string" and task.Queue
        local length = queue and redis.pcall("LPUSH", ARGV[2] .. queue, message)
        if type(length) == "number" then
            call("SADD", KEYS[1], ARGV[2] .. queue)
            if length == 1 then call("PUBLISH", ARGV[3] .. queue, "") end
        else
            call("ZADD", KEYS[4], ARGV[1], message)
        end
        call("ZREM", KEYS[source], message)
    end
    total, room = total + #messages, room - #messages
end
for source = 2, 3 do
    due[#due + 1] = tonumber(call("ZRANGE", KEYS[source], 0, 0, "WITHSCORES")[2])
end
return { total, #due > 0 and string.format("%.0f", math.ceil(math.min(unpack(due)))) or nil }
