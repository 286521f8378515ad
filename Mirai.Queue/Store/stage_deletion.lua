-- Moves all tasks of a queue to keys from which they are deleted in small steps: from then on the queue is empty. Does
-- nothing while such keys exist.
--
-- KEYS[1]   asynq:{<queue>}:pending    list
-- KEYS[2]   asynq:{<queue>}:scheduled  zset
-- KEYS[3]   asynq:{<queue>}:retry      zset
-- KEYS[4]   asynq:{<queue>}:archived   zset
-- KEYS[5]   asynq:{<queue>}:completed  zset
-- KEYS[6]   asynq:{<queue>}:active     list
-- KEYS[7..11] asynq:{<queue>}:deleted:* where the tasks of KEYS[1..5] wait for their deletion
-- KEYS[12]  asynq:{<queue>}:paused     string: there while the queue is paused
-- KEYS[13]  asynq:{<queue>}:lease      zset: of the active tasks
-- ARGV[1]   1 to delete waiting and archived tasks too
-- Returns   1: done; 0: tasks of an earlier call still wait for their deletion; -1: the queue has tasks; -2: it has
--           active ones
local call = redis.call
for i = 7, 11 do
    if call("EXISTS", KEYS[i]) == 1 then return 0 end
end
if call("LLEN", KEYS[6]) > 0 then
    return -2
end
for i = 1, 4 do
    if ARGV[1] ~= "1" and call("EXISTS", KEYS[i]) == 1 then return -1 end
end
for i = 1, 5 do
    if call("EXISTS", KEYS[i]) == 1 then call("RENAME", KEYS[i], KEYS[i + 6]) end
end
call("DEL", KEYS[12], KEYS[13])
return 1
