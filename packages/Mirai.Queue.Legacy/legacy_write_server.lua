-- Publishes a server and what its workers do, for as long as its heart beats.
--
-- KEYS[1]    asynq:queues                      set (not used: every script of this layout names it)
-- KEYS[2]    asynq:servers                     zset: the key of a server -> when it expires (Unix seconds)
-- KEYS[3]    asynq:workers                     zset: the key of a server's workers -> when it expires (Unix seconds)
-- KEYS[4]    asynq:servers:<host>:<pid>:<id>   string: the server
-- KEYS[5]    asynq:workers:<host>:<pid>:<id>   hash: task id -> the worker
-- ARGV[1]    when they expire (Unix seconds)
-- ARGV[2]    lifetime (seconds)
-- ARGV[3]    the server
-- ARGV[4..]  per running task: id, the worker
-- Returns    1
redis.call("SET", KEYS[4], ARGV[3], "EX", ARGV[2])
redis.call("ZADD", KEYS[2], ARGV[1], KEYS[4])
redis.call("DEL", KEYS[5])
for i = 4, #ARGV, 2 do
    redis.call("HSET", KEYS[5], ARGV[i], ARGV[i + 1])
end
if #ARGV > 3 then
    redis.call("EXPIRE", KEYS[5], ARGV[2])
end
redis.call("ZADD", KEYS[3], ARGV[1], KEYS[5])
return 1
