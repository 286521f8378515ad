-- Publishes a server, and what changed among its running tasks since the last call, for as long as its heart beats.
--
-- KEYS[1]    asynq:queues                      set (not used: every script of this layout names it)
-- KEYS[2]    asynq:servers                     zset: the key of a server -> when it expires (Unix seconds)
-- KEYS[3]    asynq:workers                     zset: the key of a server's workers -> when it expires (Unix seconds)
-- KEYS[4]    asynq:servers:<host>:<pid>:<id>   string: the server
-- KEYS[5]    asynq:workers:<host>:<pid>:<id>   hash: task id -> the worker
-- ARGV[1]    when they expire (Unix seconds)
-- ARGV[2]    lifetime (seconds)
-- ARGV[3]    the server
-- ARGV[4]    1 to forget the tasks that are published
-- ARGV[5]    how many tasks have ended
-- ARGV[6..]  their ids; then per task that was started: id, the worker
-- Returns    how many tasks are published now
local call, begun = redis.call, 6 + ARGV[5]
call("SET", KEYS[4], ARGV[3], "EX", ARGV[2])
call("ZADD", KEYS[2], ARGV[1], KEYS[4])
if ARGV[4] == "1" then call("DEL", KEYS[5]) end
if #ARGV >= begun then call("HSET", KEYS[5], unpack(ARGV, begun)) end
if begun > 6 then call("HDEL", KEYS[5], unpack(ARGV, 6, begun - 1)) end
local shown = call("HLEN", KEYS[5])
if shown > 0 then call("EXPIRE", KEYS[5], ARGV[2]) end
call("ZADD", KEYS[3], ARGV[1], KEYS[5])
return shown
