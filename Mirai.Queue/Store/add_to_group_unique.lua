-- Adds new tasks to groups unless an equal task holds the uniqueness lock.
-- The id is tested before the lock is taken: a refused task leaves no lock behind. The hash does not name the lock,
-- as in Asynq.
--
-- KEYS[1]    asynq:{<queue>}:pending   list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:groups    set: names of the groups to look at
-- KEYS[3..]  asynq:{<queue>}:unique:*  string per task: id of the owner
-- ARGV[1]    asynq:{<queue>}:t:        prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:g:        prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[3]    now (Unix seconds)
-- ARGV[4..]  per task: id, message, group, lifetime of the lock (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
local refused, position = {}, 0
for i = 4, #ARGV, 4 do
    position = position + 1
    local id, hash, group, lock = ARGV[i], ARGV[1] .. ARGV[i], ARGV[i + 2], KEYS[position + 2]
    if redis.call("EXISTS", hash) == 1 then
        refused[#refused + 1] = position
        refused[#refused + 1] = ""
    elseif not redis.call("SET", lock, id, "NX", "EX", ARGV[i + 3]) then
        refused[#refused + 1] = position
        refused[#refused + 1] = redis.call("GET", lock)
    else
        redis.call("HSET", hash, "msg", ARGV[i + 1], "state", "aggregating", "group", group)
        redis.call("ZADD", ARGV[2] .. group, ARGV[3], id)
        redis.call("SADD", KEYS[2], group)
    end
end
return refused
