-- Finds tasks that a server publishes as running.
--
-- KEYS[1]    asynq:servers:{<host>:<pid>:<id>}  string: ServerInfo (not used: the other scripts name it)
-- KEYS[2]    asynq:workers:{<host>:<pid>:<id>}  hash: task id -> WorkerInfo
-- ARGV[1..]  task ids
-- Returns    positions (from 1) of those that it does
local found = {}
for i, id in ipairs(ARGV) do
    if redis.call("HEXISTS", KEYS[2], id) == 1 then
        found[#found + 1] = i
    end
end
return found
