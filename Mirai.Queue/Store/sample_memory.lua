-- Measures the memory of some tasks and of their containers. Where Redis does not report the memory of a key (a
-- restricted user, another server), the size of a task is the size of its fields.
--
-- KEYS[1]  asynq:{<queue>}:pending    list
-- KEYS[2]  asynq:{<queue>}:active     list
-- KEYS[3]  asynq:{<queue>}:scheduled  zset
-- KEYS[4]  asynq:{<queue>}:retry      zset
-- KEYS[5]  asynq:{<queue>}:archived   zset
-- KEYS[6]  asynq:{<queue>}:completed  zset
-- KEYS[7]  asynq:{<queue>}:groups     set: names of groups
-- ARGV[1]  asynq:{<queue>}:t:         prefix of the task hashes
-- ARGV[2]  asynq:{<queue>}:g:         prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[3]  most tasks to measure of each container
-- ARGV[4]  most groups to look at
-- Returns  for KEYS[1..6] and for the groups together: tasks measured, their size (bytes), size of the container
--          itself (bytes; -1: Redis does not report it, 0 for the groups)
local call, last = redis.call, ARGV[3] - 1
local function usage(key)
    local size = redis.pcall("MEMORY", "USAGE", key)
    return type(size) == "number" and size or type(size) == "table" and -1 or 0
end
local function measure(ids)
    local bytes = 0
    for _, id in ipairs(ids) do
        local size = usage(ARGV[1] .. id)
        if size < 0 then size = call("HSTRLEN", ARGV[1] .. id, "msg") + call("HSTRLEN", ARGV[1] .. id, "result") end
        bytes = bytes + size
    end
    return #ids, bytes
end
local reply = {}
for i = 1, 6 do
    reply[3 * i - 2], reply[3 * i - 1] = measure(call(i < 3 and "LRANGE" or "ZRANGE", KEYS[i], 0, last))
    reply[3 * i] = usage(KEYS[i])
end
local tasks, bytes = 0, 0
for _, group in ipairs(call("SRANDMEMBER", KEYS[7], ARGV[4])) do
    local measured, size = measure(call("ZRANGE", ARGV[2] .. group, 0, last))
    tasks, bytes = tasks + measured, bytes + size
end
reply[19], reply[20], reply[21] = tasks, bytes, 0
return reply
