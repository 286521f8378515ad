-- Adds new tasks to groups, where they wait to be aggregated.
--
-- KEYS[1]    asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:groups   set: names of the groups to look at
-- ARGV[1]    asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:g:       prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[3]    now (Unix seconds)
-- ARGV[4..]  per task: id, message, group
-- Returns    per refused task: its position (from 1), "" for "the id is taken"
local refused, position = {}, 0
for i = 4, #ARGV, 3 do
    position = position + 1
    local id, hash, group = ARGV[i], ARGV[1] .. ARGV[i], ARGV[i + 2]
    if redis.call("EXISTS", hash) == 1 then
        refused[#refused + 1] = position
        refused[#refused + 1] = ""
    else
        redis.call("HSET", hash, "msg", ARGV[i + 1], "state", "aggregating", "group", group)
        redis.call("ZADD", ARGV[2] .. group, ARGV[3], id)
        redis.call("SADD", KEYS[2], group)
    end
end
return refused
