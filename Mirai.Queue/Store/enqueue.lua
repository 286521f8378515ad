-- Adds new tasks to the end of a queue, and wakes idle workers when the queue was empty. A task with a uniqueness lock
-- is refused while an equal task holds the lock.
-- One EXISTS tests all ids, because new ids are rarely taken. Only if one is taken does the script test every id.
--
-- KEYS[1]    asynq:{<queue>}:pending   list: task ids, oldest at the tail
-- KEYS[2..]  asynq:{<queue>}:unique:*  string per task: id of the owner; only when the tasks have uniqueness locks
-- ARGV[1]    asynq:{<queue>}:t:        prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:wake      channel of the workers
-- ARGV[3]    now (Unix nanoseconds)
-- ARGV[4..]  per task: id, message; with locks also the lifetime of the lock (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
--#include insert_task
local step, hashes, refused, ids, added = #KEYS > 1 and 3 or 2, {}, {}, {}, {}
for i = 4, #ARGV, step do
    hashes[#hashes + 1] = ARGV[1] .. ARGV[i]
end
local allNew = call("EXISTS", unpack(hashes)) == 0
for position, hash in ipairs(hashes) do
    local i = 4 + (position - 1) * step
    local id = ARGV[i]
    local refusal = insert(hash, id, ARGV[i + 1], "pending", KEYS[position + 1], ARGV[i + 2], allNew and not added[id],
        "pending_since", ARGV[3])
    if refusal then
        refused[#refused + 1], refused[#refused + 2] = position, refusal
    else
        ids[#ids + 1], added[id] = id, true
    end
end
if #ids > 0 and call("LPUSH", KEYS[1], unpack(ids)) == #ids then
    call("PUBLISH", ARGV[2], "")
end
return refused
