-- Pauses a queue.
--
-- KEYS[1]  asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:paused   string: since when the queue is paused (Unix seconds)
-- ARGV[1]  now (Unix seconds)
-- Returns  1, or 0 when the queue was paused before
return redis.call("SETNX", KEYS[2], ARGV[1])
