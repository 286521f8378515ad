-- Counts the tasks that wait in some of a queue's groups: one page of a scan over their names.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:groups   set: names of groups
-- ARGV[1]  asynq:{<queue>}:g:       prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[2]  cursor: 0 to begin, then what the page before returned
-- ARGV[3]  about how many groups to look at
-- Returns  next cursor (0: this was the last page), then per group: name, size
local page = redis.call("SSCAN", KEYS[2], ARGV[2], "COUNT", ARGV[3])
local reply = { page[1] }
for _, group in ipairs(page[2]) do
    reply[#reply + 1] = group
    reply[#reply + 1] = redis.call("ZCARD", ARGV[1] .. group)
end
return reply
