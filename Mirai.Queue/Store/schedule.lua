-- Adds new tasks that are due later, and tells the workers when one of them is due before all others.
--
-- KEYS[1]    asynq:{<queue>}:pending    list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:scheduled  zset: task id -> due time (Unix seconds)
-- ARGV[1]    asynq:{<queue>}:t:         prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:wake       channel of the workers
-- ARGV[3..]  per task: id, message, due time (Unix seconds)
-- Returns    per refused task: its position (from 1), "" for "the id is taken"
local refused, added, mine, position = {}, {}, {}, 0
for i = 3, #ARGV, 3 do
    position = position + 1
    local id, hash = ARGV[i], ARGV[1] .. ARGV[i]
    if redis.call("EXISTS", hash) == 1 then
        refused[#refused + 1] = position
        refused[#refused + 1] = ""
    else
        redis.call("HSET", hash, "msg", ARGV[i + 1], "state", "scheduled")
        added[#added + 1] = ARGV[i + 2]
        added[#added + 1] = id
        mine[id] = true
    end
end
if #added > 0 then
    redis.call("ZADD", KEYS[2], unpack(added))
    local first = redis.call("ZRANGE", KEYS[2], 0, 0, "WITHSCORES")
    if mine[first[1]] then
        redis.call("PUBLISH", ARGV[2], first[2])
    end
end
return refused
