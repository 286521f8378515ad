-- Moves tasks that are due to the end of the queue, or to their group. An id whose task is gone is dropped.
--
-- KEYS[1]  asynq:{<queue>}:pending    list: task ids, oldest at the tail
-- KEYS[2]  asynq:{<queue>}:scheduled  zset: task id -> due time (Unix seconds)
-- KEYS[3]  asynq:{<queue>}:retry      zset: task id -> due time (Unix seconds)
-- KEYS[4]  asynq:{<queue>}:groups     set: names of the groups to look at
-- ARGV[1]  now (Unix seconds)
-- ARGV[2]  now (Unix nanoseconds)
-- ARGV[3]  asynq:{<queue>}:t:         prefix of the task hashes
-- ARGV[4]  asynq:{<queue>}:g:         prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[5]  asynq:{<queue>}:wake       channel of the workers
-- ARGV[6]  most tasks to move
-- Returns  tasks moved or dropped, then the earliest due time that is left (Unix seconds) unless nothing is
local room, due = tonumber(ARGV[6]), {}
local moved, pending = 0, {}
for source = 2, 3 do
    local ids = redis.call("ZRANGEBYSCORE", KEYS[source], "-inf", ARGV[1], "LIMIT", 0, room - moved)
    for _, id in ipairs(ids) do
        local hash = ARGV[3] .. id
        local group, state = unpack(redis.call("HMGET", hash, "group", "state"))
        if state and group and group ~= "" then
            redis.call("ZADD", ARGV[4] .. group, ARGV[1], id)
            redis.call("SADD", KEYS[4], group)
            redis.call("HSET", hash, "state", "aggregating")
        elseif state then
            pending[#pending + 1] = id
            redis.call("HSET", hash, "state", "pending", "pending_since", ARGV[2])
        end
    end
    moved = moved + #ids
    if #ids > 0 then redis.call("ZREM", KEYS[source], unpack(ids)) end
    local first = redis.call("ZRANGE", KEYS[source], 0, 0, "WITHSCORES")
    due[#due + 1] = tonumber(first[2])
end
if #pending > 0 and redis.call("LPUSH", KEYS[1], unpack(pending)) == #pending then
    redis.call("PUBLISH", ARGV[5], "")
end
return { moved, #due > 0 and string.format("%.0f", math.min(unpack(due))) or nil }
