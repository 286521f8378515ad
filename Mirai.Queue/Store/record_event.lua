-- Records that a scheduler has enqueued a task. The history expires; in Asynq, the history of a killed scheduler never
-- does.
--
-- KEYS[1]  asynq:scheduler_history:<entry id>  zset: SchedulerEnqueueEvent -> when (Unix seconds)
-- ARGV[1]  when (Unix seconds)
-- ARGV[2]  SchedulerEnqueueEvent
-- ARGV[3]  how many events there may be
-- ARGV[4]  lifetime from now on (seconds)
-- Returns  1
redis.call("ZREMRANGEBYRANK", KEYS[1], 0, -tonumber(ARGV[3]))
redis.call("ZADD", KEYS[1], ARGV[1], ARGV[2])
redis.call("EXPIRE", KEYS[1], ARGV[4])
return 1
