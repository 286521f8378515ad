-- Takes a queue without tasks off the register, with its pause.
--
-- KEYS[1]  asynq:queues          set: the lists of all queues
-- KEYS[2]  asynq:paused          set: the lists of paused queues
-- KEYS[3]  asynq:queues:<queue>  list: messages
-- Returns  1; 0 when tasks wait in it
if redis.call("LLEN", KEYS[3]) > 0 then
    return 0
end
redis.call("SREM", KEYS[1], KEYS[3])
redis.call("SREM", KEYS[2], KEYS[3])
return 1
