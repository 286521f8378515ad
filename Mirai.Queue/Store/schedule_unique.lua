-- Adds new tasks that are due later unless an equal task holds the uniqueness lock.
-- The id is tested before the lock is taken: a refused task leaves no lock behind.
--
-- KEYS[1]    asynq:{<queue>}:pending    list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:scheduled  zset: task id -> due time (Unix seconds)
-- KEYS[3..]  asynq:{<queue>}:unique:*   string per task: id of the owner
-- ARGV[1]    asynq:{<queue>}:t:         prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:wake       channel of the workers
-- ARGV[3..]  per task: id, message, due time (Unix seconds), lifetime of the lock (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
local refused, added, mine, position = {}, {}, {}, 0
for i = 3, #ARGV, 4 do
    position = position + 1
    local id, hash, lock = ARGV[i], ARGV[1] .. ARGV[i], KEYS[position + 2]
    if redis.call("EXISTS", hash) == 1 then
        refused[#refused + 1] = position
        refused[#refused + 1] = ""
    elseif not redis.call("SET", lock, id, "NX", "EX", ARGV[i + 3]) then
        refused[#refused + 1] = position
        refused[#refused + 1] = redis.call("GET", lock)
    else
        redis.call("HSET", hash, "msg", ARGV[i + 1], "state", "scheduled", "unique_key", lock)
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
