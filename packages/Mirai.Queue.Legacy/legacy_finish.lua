-- Writes the outcomes of running tasks. The worker still owns a task when the task is in progress with the deadline
-- that the worker's take wrote. A task of another worker does not change.
-- The types of the keys are checked first: a WRONGTYPE error must not leave the batch half done.
--
-- KEYS[1]   asynq:queues             set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]   asynq:in_progress        list: messages of running tasks
-- KEYS[3]   asynq:deadlines          zset: message -> deadline of its execution (Unix seconds)
-- KEYS[4]   asynq:queues:<queue>     list: messages, oldest at the tail
-- KEYS[5]   asynq:retry              zset: message -> due time (Unix seconds)
-- KEYS[6]   asynq:dead               zset: message -> time of death (Unix seconds)
-- KEYS[7]   asynq:processed:<day>    string: tasks processed this UTC day
-- KEYS[8]   asynq:failure:<day>      string: tasks failed this UTC day
-- KEYS[9..] <type>:<payload>:<queue> string: id of the owner; the locks to release
-- ARGV[1]   when the counters of this day expire (Unix seconds)
-- ARGV[2]   asynq:wake:<queue>       channel of the workers
-- ARGV[3..] per task: "done", "front" (of its queue), "retry", "later" (a retry that counts nowhere), "dead" or "drop"
--           (a failure that leaves nothing); its message; its deadline; the new message; the new score; the index of
--           its lock in KEYS (0: none); its id
-- Returns   positions (from 1) of the tasks that belong to another worker
local call, position, lost, front, processed, failed = redis.call, 0, {}, 0, 0, 0
call("LLEN", KEYS[4])
call("ZCARD", KEYS[5])
call("ZCARD", KEYS[6])
for i = 3, #ARGV, 7 do
    position = position + 1
    local outcome, message, lock = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 5])
    local held = call("ZSCORE", KEYS[3], message)
    if not held or tonumber(held) ~= tonumber(ARGV[i + 2]) or call("LREM", KEYS[2], -1, message) == 0 then
        lost[#lost + 1] = position
    else
        call("ZREM", KEYS[3], message)
        if outcome == "front" then front = front + (call("RPUSH", KEYS[4], message) == 1 and 1 or 0) end
        if outcome == "retry" or outcome == "later" then call("ZADD", KEYS[5], ARGV[i + 4], ARGV[i + 3]) end
        if outcome == "dead" then call("ZADD", KEYS[6], ARGV[i + 4], ARGV[i + 3]) end
        if outcome ~= "front" and outcome ~= "later" then processed = processed + 1 end
        if outcome == "retry" or outcome == "dead" or outcome == "drop" then failed = failed + 1 end
        if lock > 0 and redis.pcall("GET", KEYS[lock]) == ARGV[i + 6] then call("DEL", KEYS[lock]) end
    end
end
if front > 0 then call("PUBLISH", ARGV[2], "") end
for i, number in ipairs({ processed, failed }) do
    if number > 0 and call("INCRBY", KEYS[6 + i], number) == number then call("EXPIREAT", KEYS[6 + i], ARGV[1]) end
end
return lost
