-- Moves the oldest messages of several queues to a worker, each with its deadline. The messages leave the lists last,
-- so that an error loses no message. An unreadable message gets half an hour, in which its worker quarantines it.
--
-- KEYS[1]   asynq:queues          set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]   asynq:paused          set: the lists of paused queues
-- KEYS[3]   asynq:in_progress     list: messages of running tasks, newest at the head
-- KEYS[4]   asynq:deadlines       zset: message -> deadline of its execution (Unix seconds)
-- KEYS[5..] asynq:queues:<queue>  list per queue: messages, oldest at the tail
-- ARGV[1]   now (Unix seconds)
-- ARGV[2]   size of messages (bytes) after which no further task is taken
-- ARGV[3..] most tasks to take, per queue; 0 only counts the messages
-- Returns   per queue: messages still there (0 while paused), messages taken, then per message: itself, its deadline
local call, now, room, reply = redis.call, tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local function deadline(message)
    local read, task = pcall(cjson.decode, message)
    local timeout, latest = 1800, 0
    if read and type(task) == "table" then
        timeout, latest = tonumber(task.Timeout) or 0, tonumber(task.Deadline) or 0
    end
    if timeout > 0 and latest > 0 then latest = math.min(now + timeout, latest)
    elseif timeout > 0 then latest = now + timeout
    elseif latest <= 0 then latest = now + 1800 end
    return string.format("%.0f", math.min(latest, 253402300799))
end
for queue = 5, #KEYS do
    local list, most, head = KEYS[queue], tonumber(ARGV[queue - 2]), #reply
    reply[head + 1], reply[head + 2] = 0, 0
    if call("SISMEMBER", KEYS[2], list) == 0 then
        local messages = most > 0 and call("LRANGE", list, -most, -1) or {}
        local position = #messages
        while position > 0 and room > 0 do
            local message = messages[position]
            position, room = position - 1, room - #message
            reply[#reply + 1], reply[#reply + 2] = message, deadline(message)
            call("LPUSH", KEYS[3], message)
            call("ZADD", KEYS[4], reply[#reply], message)
        end
        if position < #messages then call("RPOP", list, #messages - position) end
        reply[head + 1], reply[head + 2] = call("LLEN", list), #messages - position
    end
end
return reply
