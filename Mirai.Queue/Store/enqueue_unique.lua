-- Adds new tasks to the end of a queue unless an equal task holds the uniqueness lock.
-- The id is tested before the lock is taken: a refused task leaves no lock behind.
--
-- KEYS[1]    asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- KEYS[2..]  asynq:{<queue>}:unique:* string per task: id of the owner
-- ARGV[1]    now (Unix nanoseconds)
-- ARGV[2]    asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]    asynq:{<queue>}:wake     channel of the workers
-- ARGV[4..]  per task: id, message, lifetime of the lock (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
local refused, ids, position = {}, {}, 0
for i = 4, #ARGV, 3 do
    position = position + 1
    local id, hash, lock = ARGV[i], ARGV[2] .. ARGV[i], KEYS[position + 1]
    if redis.call("EXISTS", hash) == 1 then
        refused[#refused + 1] = position
        refused[#refused + 1] = ""
    elseif not redis.call("SET", lock, id, "NX", "EX", ARGV[i + 2]) then
        refused[#refused + 1] = position
        refused[#refused + 1] = redis.call("GET", lock)
    else
        redis.call("HSET", hash, "msg", ARGV[i + 1], "state", "pending", "pending_since", ARGV[1], "unique_key", lock)
        ids[#ids + 1] = id
    end
end
if #ids > 0 and redis.call("LPUSH", KEYS[1], unpack(ids)) == #ids then
    redis.call("PUBLISH", ARGV[3], "")
end
return refused
