-- Moves the oldest pending tasks to a worker, with a lease. An id whose task is gone (a ghost) is dropped. All reads
-- come first, and the ids leave "pending" last, so that an error loses no id.
--
-- KEYS[1]  asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:paused   string: there while the queue is paused
-- KEYS[3]  asynq:{<queue>}:active   list: ids of running tasks, newest at the head
-- KEYS[4]  asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]  lease expiry (Unix seconds), with the token of this take as its fraction
-- ARGV[2]  asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]  most tasks to take; 0 only counts the pending tasks
-- ARGV[4]  size of messages (bytes) after which no further task is taken
-- ARGV[5]  1 to return when each task became pending; any other value saves Redis that read
-- Returns  tasks still pending (0 while paused), ghosts dropped, then per task: id, message, and if asked when it
--          became pending (Unix nanoseconds, "" if unknown)
local call, prefix = redis.call, ARGV[2]
if call("EXISTS", KEYS[2]) == 1 then
    return { 0, 0 }
end
local most, room = tonumber(ARGV[3]), tonumber(ARGV[4])
local ids = most > 0 and call("LRANGE", KEYS[1], -most, -1) or {}
local reply, taken, leases, ghosts, position = { 0, 0 }, {}, {}, {}, #ids
while position > 0 and room > 0 do
    local id = ids[position]
    local message = call("HGET", prefix .. id, "msg")
    position = position - 1
    if message then
        room = room - #message
        taken[#taken + 1] = id
        leases[#leases + 1] = ARGV[1]
        leases[#leases + 1] = id
        reply[#reply + 1] = id
        reply[#reply + 1] = message
        if ARGV[5] == "1" then
            reply[#reply + 1] = call("HGET", prefix .. id, "pending_since") or ""
        end
    else
        ghosts[#ghosts + 1] = prefix .. id
    end
end
if #taken > 0 then
    call("LPUSH", KEYS[3], unpack(taken))
    call("ZADD", KEYS[4], unpack(leases))
    for _, id in ipairs(taken) do
        call("HSET", prefix .. id, "state", "active")
        call("HDEL", prefix .. id, "pending_since")
    end
end
if position < #ids then call("RPOP", KEYS[1], #ids - position) end
if #ghosts > 0 then call("DEL", unpack(ghosts)) end
reply[1], reply[2] = call("LLEN", KEYS[1]), #ghosts
return reply
