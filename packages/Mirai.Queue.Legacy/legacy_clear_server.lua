-- Takes a server off the list.
--
-- KEYS[1]  asynq:queues                      set (not used: every script of this layout names it)
-- KEYS[2]  asynq:servers                     zset: the key of a server -> when it expires (Unix seconds)
-- KEYS[3]  asynq:workers                     zset: the key of a server's workers -> when it expires (Unix seconds)
-- KEYS[4]  asynq:servers:<host>:<pid>:<id>   string: the server
-- KEYS[5]  asynq:workers:<host>:<pid>:<id>   hash: task id -> the worker
-- Returns  1
redis.call("ZREM", KEYS[2], KEYS[4])
redis.call("ZREM", KEYS[3], KEYS[5])
redis.call("DEL", KEYS[4], KEYS[5])
return 1
