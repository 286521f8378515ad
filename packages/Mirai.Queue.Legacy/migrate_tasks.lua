-- Moves tasks of one queue to the current layout: each leaves its place here and enters the one there in this script, so
-- that a caller who dies, or repeats it, neither loses nor doubles one. A task that is not here any more is passed over.
--
-- KEYS[1]   asynq:queues                 set: names of queues (current), their lists (legacy)
-- KEYS[2]   asynq:{<queue>}:pending      list: task ids, oldest at the tail
-- KEYS[3]   asynq:queues:<queue>, or asynq:scheduled, asynq:retry, asynq:dead   where the messages are
-- KEYS[4]   asynq:{<queue>}:<state>      zset: task id -> the same score (not used for pending tasks)
-- KEYS[5..] <type>:<payload>:<queue>, then asynq:{<queue>}:unique:*   string: the lock here, and there, per task that has one
-- ARGV[1]   asynq:{<queue>}:t:           prefix of the task hashes
-- ARGV[2]   asynq:{<queue>}:wake         channel of the workers
-- ARGV[3]   the queue
-- ARGV[4]   the state there: pending, scheduled, retry or archived
-- ARGV[5]   now (Unix nanoseconds)
-- ARGV[6..] per task, the oldest first: message here, its id, message there, index of its locks in KEYS (0: none)
-- Returns   how many were moved, then the positions (from 1) of those whose id is taken there
local call, prefix, state = redis.call, ARGV[1], ARGV[4]
local reply, length = { 0 }, call("LLEN", KEYS[2])
call("ZCARD", KEYS[4])
call("SADD", KEYS[1], ARGV[3])
for i = 6, #ARGV, 4 do
    local message, id, lock, hash = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 3]), prefix .. ARGV[i + 1]
    local score = state ~= "pending" and call("ZSCORE", KEYS[3], message)
    if call("EXISTS", hash) == 1 then
        reply[#reply + 1] = (i - 2) / 4
    elseif (score and call("ZREM", KEYS[3], message) or state == "pending" and call("LREM", KEYS[3], -1, message)) == 1 then
        reply[1] = reply[1] + 1
        call("HSET", hash, "msg", ARGV[i + 2], "state", state)
        if score then
            call("ZADD", KEYS[4], score, id)
        else
            call("HSET", hash, "pending_since", ARGV[5])
            call("LPUSH", KEYS[2], id)
        end
        if lock > 0 then
            call("HSET", hash, "unique_key", KEYS[lock + 1])
            local left = redis.pcall("GET", KEYS[lock]) == id and call("PTTL", KEYS[lock]) or 0
            if left > 0 then
                call("SET", KEYS[lock + 1], id, "NX", "PX", left)
                call("DEL", KEYS[lock])
            end
        end
    end
end
if state == "pending" and call("LLEN", KEYS[3]) == 0 then call("SREM", KEYS[1], KEYS[3]) end
if state == "pending" and reply[1] > 0 and length == 0 then call("PUBLISH", ARGV[2], "") end
return reply
