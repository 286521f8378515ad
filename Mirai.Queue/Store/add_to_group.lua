-- Adds new tasks to groups, where they wait to be aggregated. A task with a uniqueness lock is refused while an equal
-- task holds the lock.
--
-- KEYS[1]    asynq:{<queue>}:pending   list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:groups    set: names of the groups to look at
-- KEYS[3..]  asynq:{<queue>}:unique:*  string per task: id of the owner; only when the tasks have uniqueness locks
-- ARGV[1]    asynq:{<queue>}:t:        prefix of the task hashes
-- ARGV[2]    asynq:{<queue>}:g:        prefix of the groups; a group is a zset: task id -> time added (Unix seconds)
-- ARGV[3]    now (Unix seconds)
-- ARGV[4..]  per task: id, message, group; with locks also the lifetime of the lock (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
--#include insert_task
local step, position, refused = #KEYS > 2 and 4 or 3, 0, {}
for i = 4, #ARGV, step do
    position = position + 1
    local id, group = ARGV[i], ARGV[i + 2]
    local refusal = insert(ARGV[1] .. id, id, ARGV[i + 1], "aggregating", KEYS[position + 2], ARGV[i + 3], false,
        "group", group)
    if refusal then
        refused[#refused + 1], refused[#refused + 2] = position, refusal
    else
        call("ZADD", ARGV[2] .. group, ARGV[3], id)
        call("SADD", KEYS[2], group)
    end
end
return refused
