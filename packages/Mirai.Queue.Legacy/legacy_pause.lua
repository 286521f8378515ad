-- Pauses a queue.
--
-- KEYS[1]  asynq:queues          set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]  asynq:paused          set: the lists of paused queues
-- KEYS[3]  asynq:queues:<queue>  list: messages
-- Returns  1, or 0 when the queue was paused before
return redis.call("SADD", KEYS[2], KEYS[3])
