-- Moves tasks that are due to the end of the queue, or to their group. An id whose task is gone is dropped. The ids
-- leave the sets last, so that an error loses no id.
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
local call, prefix, room = redis.call, ARGV[3], tonumber(ARGV[6])
local moved, pending, due = {}, {}, {}
for source = 2, 3 do
    local ids = call("ZRANGEBYSCORE", KEYS[source], "-inf", ARGV[1], "LIMIT", 0, room)
    for _, id in ipairs(ids) do
        local group, state = unpack(call("HMGET", prefix .. id, "group", "state"))
        if state and group and group ~= "" then
            call("ZADD", ARGV[4] .. group, ARGV[1], id)
            call("SADD", KEYS[4], group)
            call("HSET", prefix .. id, "state", "aggregating")
        elseif state then
            pending[#pending + 1] = id
            call("HSET", prefix .. id, "state", "pending", "pending_since", ARGV[2])
        end
    end
    moved[source], room = ids, room - #ids
end
if #pending > 0 and call("LPUSH", KEYS[1], unpack(pending)) == #pending then
    call("PUBLISH", ARGV[5], "")
end
for source = 2, 3 do
    if #moved[source] > 0 then call("ZREM", KEYS[source], unpack(moved[source])) end
    due[#due + 1] = tonumber(call("ZRANGE", KEYS[source], 0, 0, "WITHSCORES")[2])
end
local total = #moved[2] + #moved[3]
return { total, #due > 0 and string.format("%.0f", math.ceil(math.min(unpack(due)))) or nil }
