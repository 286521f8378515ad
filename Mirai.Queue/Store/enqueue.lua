-- Adds new tasks to the end of a queue, and wakes idle workers when the queue was empty.
-- Asks for all ids at once, because new ids are hardly ever taken: only if one is, each is asked for by itself.
--
-- KEYS[1]    asynq:{<queue>}:pending  list: task ids, oldest at the tail
-- ARGV[1]    now (Unix nanoseconds)
-- ARGV[2]    asynq:{<queue>}:t:       prefix of the task hashes
-- ARGV[3]    asynq:{<queue>}:wake     channel of the workers
-- ARGV[4..]  per task: id, message
-- Returns    per refused task: its position (from 1), "" for "the id is taken"
local call, prefix, now = redis.call, ARGV[2], ARGV[1]
local hashes, size = {}, 0
for i = 4, #ARGV, 2 do
    size = size + 1
    hashes[size] = prefix .. ARGV[i]
end
local someTaken = call("EXISTS", unpack(hashes)) > 0
local refused, ids, added = {}, {}, {}
for position = 1, size do
    local id, hash = ARGV[position * 2 + 2], hashes[position]
    if added[id] or (someTaken and call("EXISTS", hash) == 1) then
        refused[#refused + 1] = position
        refused[#refused + 1] = ""
    else
        call("HSET", hash, "msg", ARGV[position * 2 + 3], "state", "pending", "pending_since", now)
        ids[#ids + 1] = id
        added[id] = true
    end
end
if #ids > 0 and call("LPUSH", KEYS[1], unpack(ids)) == #ids then
    call("PUBLISH", ARGV[3], "")
end
return refused
