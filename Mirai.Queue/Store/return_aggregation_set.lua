-- Returns tasks of an aggregation set to their group, with the times at which they were added, and puts the group on
-- the list again, so that the tasks are aggregated later.
--
-- KEYS[1]  asynq:{<queue>}:pending           list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:groups            set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:g:<group>         zset: task id -> time added (Unix seconds)
-- KEYS[4]  asynq:{<queue>}:g:<group>:<set>   zset: the same, of the set
-- KEYS[5]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- ARGV[1]  group
-- ARGV[2]  sets with a later deadline (Unix seconds) are left alone
-- ARGV[3]  most tasks to put back
-- Returns  how many were returned, how many are left
local deadline = redis.call("ZSCORE", KEYS[5], KEYS[4])
if not deadline or tonumber(deadline) > tonumber(ARGV[2]) then
    return { 0, 0 }
end
local ids, back = redis.call("ZRANGE", KEYS[4], 0, ARGV[3] - 1, "WITHSCORES"), {}
for i = 1, #ids, 2 do
    back[i], back[i + 1] = ids[i + 1], ids[i]
end
local count = math.floor(#back / 2)
if count > 0 then
    redis.call("ZADD", KEYS[3], unpack(back))
    redis.call("SADD", KEYS[2], ARGV[1])
    redis.call("ZREMRANGEBYRANK", KEYS[4], 0, count - 1)
end
local left = redis.call("ZCARD", KEYS[4])
if left == 0 then
    redis.call("ZREM", KEYS[5], KEYS[4])
end
return { count, left }
