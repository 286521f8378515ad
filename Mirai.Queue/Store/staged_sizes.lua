-- Counts the tasks of aggregation sets: tasks that are being aggregated, or that return to their group. Sets whose
-- aggregate is in its queue do not count.
--
-- KEYS[1]  asynq:{<queue>}:pending           list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- ARGV[1]  deadline of a set whose tasks are to be deleted (Unix seconds)
-- ARGV[2]  most sets to look at
-- Returns  number of sets, then per set looked at, the earliest deadline first: name of its key, tasks in it
local latest = "(" .. ARGV[1]
local reply = { redis.call("ZCOUNT", KEYS[2], "-inf", latest) }
for _, set in ipairs(redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", latest, "LIMIT", 0, ARGV[2])) do
    reply[#reply + 1] = set
    reply[#reply + 1] = redis.call("ZCARD", set)
end
return reply
