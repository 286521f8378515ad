-- Finds groups that are due, in one page of a scan over the names of a queue's groups. A group is due when it is full,
-- when no task was added for the grace period, or when its oldest task has waited for the longest delay. The name of
-- an empty group is dropped.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:groups   set: names of the groups to look at
-- ARGV[1]  asynq:{<queue>}:g:       prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[2]  now (Unix seconds)
-- ARGV[3]  grace period (seconds)
-- ARGV[4]  longest delay (seconds; 0: none)
-- ARGV[5]  size of a full group (0: none)
-- ARGV[6]  cursor: 0 to begin, then what the page before returned
-- ARGV[7]  about how many groups to look at
-- Returns  next cursor (0: this was the last page), when the first of the others is due (Unix seconds, "" if there is
--          none), then the names of the due groups
local call, now, delay, full = redis.call, tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
local page = call("SSCAN", KEYS[2], ARGV[6], "COUNT", ARGV[7])
local reply, first = { page[1], "" }, math.huge
for _, name in ipairs(page[2]) do
    local group = ARGV[1] .. name
    local size = call("ZCARD", group)
    if size == 0 then
        call("SREM", KEYS[2], name)
    else
        local due = call("ZRANGE", group, -1, -1, "WITHSCORES")[2] + ARGV[3]
        if delay > 0 then due = math.min(due, call("ZRANGE", group, 0, 0, "WITHSCORES")[2] + delay) end
        if due <= now or (full > 0 and size >= full) then
            reply[#reply + 1] = name
        else
            first = math.min(first, due)
        end
    end
end
if first < math.huge then reply[2] = string.format("%.0f", math.ceil(first)) end
return reply
