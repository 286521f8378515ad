-- Adds new tasks, each to the end of its queue or to those that are due later, unless an equal task holds the
-- uniqueness lock. Remembers their ids for a while, so that a call that is repeated after a lost reply adds nothing
-- twice.
--
-- KEYS[1]    asynq:queues             set: the lists of all queues
-- KEYS[2]    asynq:enqueued           zset: task id -> until when it is remembered (Unix seconds)
-- KEYS[3]    asynq:queues:<queue>     list: messages, oldest at the tail
-- KEYS[4]    asynq:scheduled          zset: message -> due time (Unix seconds)
-- KEYS[5..]  <type>:<payload>:<queue> string per task, if they have locks: id of the owner
-- ARGV[1]    now (Unix seconds)
-- ARGV[2]    asynq:wake:<queue>       channel of the workers
-- ARGV[3..]  per task: id, message, lifetime of the lock (seconds, "": none), due time (Unix seconds, "": now), how
--            long its id is remembered (seconds)
-- Returns    per refused task: its position (from 1), then "" for "the id is taken" or the id of the lock's owner
--#include legacy_insert_task
local refused, added, position, scheduled = {}, {}, 0, {}
call("LLEN", KEYS[3])
local known = call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[1], "LIMIT", 0, 1000)
if #known > 0 then call("ZREM", KEYS[2], unpack(known)) end
for i = 3, #ARGV, 5 do
    position = position + 1
    local message, lifetime, due = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    local refusal = claim(ARGV[i], lifetime ~= "" and KEYS[position + 4], lifetime, ARGV[i + 4])
    if refusal then
        refused[#refused + 1], refused[#refused + 2] = position, refusal
    elseif due == "" then
        added[#added + 1] = message
    else
        call("ZADD", KEYS[4], due, message)
        scheduled[message] = true
    end
end
if position * 2 > #refused then call("SADD", KEYS[1], KEYS[3]) end
if #added > 0 and call("LPUSH", KEYS[3], unpack(added)) == #added then call("PUBLISH", ARGV[2], "") end
local first = next(scheduled) and call("ZRANGE", KEYS[4], 0, 0, "WITHSCORES")
if first and scheduled[first[1]] then call("PUBLISH", ARGV[2], first[2]) end
return refused
