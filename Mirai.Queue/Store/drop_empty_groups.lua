-- Removes groups without tasks, and aggregation sets that are gone, from the lists: one page of a scan.
--
-- KEYS[1]  asynq:{<queue>}:pending           list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:groups            set: names of groups
-- KEYS[3]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- ARGV[1]  asynq:{<queue>}:g:                prefix of the groups
-- ARGV[2]  cursor: 0 to begin, then what the page before returned
-- ARGV[3]  about how many of each to look at
-- Returns  next cursor (0: this was the last page)
local page = redis.call("SSCAN", KEYS[2], ARGV[2], "COUNT", ARGV[3])
for _, group in ipairs(page[2]) do
    if redis.call("EXISTS", ARGV[1] .. group) == 0 then redis.call("SREM", KEYS[2], group) end
end
for _, set in ipairs(redis.call("ZRANGE", KEYS[3], 0, ARGV[3] - 1)) do
    if redis.call("EXISTS", set) == 0 then redis.call("ZREM", KEYS[3], set) end
end
return page[1]
