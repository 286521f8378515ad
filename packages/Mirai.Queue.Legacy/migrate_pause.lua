-- Pauses a queue of the current layout in the place of the legacy one.
--
-- KEYS[1]  asynq:queues              set: names of queues (current), their lists (legacy)
-- KEYS[2]  asynq:{<queue>}:paused    string: there while the queue is paused
-- KEYS[3]  asynq:paused              set: the lists of paused queues
-- ARGV[1]  asynq:queues:<queue>
-- ARGV[2]  now (Unix seconds)
-- ARGV[3]  the queue
-- Returns  1; 0 when it was not paused
if redis.call("SREM", KEYS[3], ARGV[1]) == 0 then
    return 0
end
redis.call("SET", KEYS[2], ARGV[2], "NX")
redis.call("SADD", KEYS[1], ARGV[3])
return 1
