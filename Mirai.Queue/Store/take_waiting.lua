-- Takes tasks that their worker has deferred, before they are due. A task that has moved since, or that has got another
-- due time, stays where it is. An id whose task is gone (a ghost) is dropped.
--
-- KEYS[1]    asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:paused   string: there while the queue is paused
-- KEYS[3]    asynq:{<queue>}:active   list: ids of running tasks, newest at the head
-- KEYS[4]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- KEYS[5]    asynq:{<queue>}:retry    zset: task id -> due time (Unix seconds)
-- ARGV[1]    lease expiry (Unix seconds), with the token of this take as its fraction
-- ARGV[2]    asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]    size of messages (bytes) after which no further task is taken
-- ARGV[4..]  per task: id, the due time its worker gave it (Unix seconds)
-- Returns    0, ghosts dropped, then per task taken: id, message
local call, prefix, room = redis.call, ARGV[2], tonumber(ARGV[3])
local reply, gone = { 0, 0 }, {}
if call("EXISTS", KEYS[2]) == 1 then
    return reply
end
for i = 4, #ARGV, 2 do
    local id, due = ARGV[i], call("ZSCORE", KEYS[5], ARGV[i])
    if room > 0 and due and tonumber(due) == tonumber(ARGV[i + 1]) then
        local message = call("HGET", prefix .. id, "msg")
        if message then
            room = room - #message
            reply[#reply + 1] = id
            reply[#reply + 1] = message
            call("LPUSH", KEYS[3], id)
            call("ZADD", KEYS[4], ARGV[1], id)
            call("HSET", prefix .. id, "state", "active")
        else
            reply[2] = reply[2] + 1
            call("DEL", prefix .. id)
        end
        gone[#gone + 1] = id
    end
end
if #gone > 0 then call("ZREM", KEYS[5], unpack(gone)) end
return reply
