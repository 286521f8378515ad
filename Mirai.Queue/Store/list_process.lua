-- Puts a server, its workers or a scheduler on the list of those that live.
--
-- KEYS[1]  asynq:servers, asynq:workers or asynq:schedulers  zset: key of the process -> expiry (Unix seconds)
-- ARGV[1]  when the process counts as dead unless it says otherwise (Unix seconds)
-- ARGV[2]  key of the process
-- Returns  1 when the process is new, else 0
return redis.call("ZADD", KEYS[1], ARGV[1], ARGV[2])
