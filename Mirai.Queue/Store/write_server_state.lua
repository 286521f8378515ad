-- Publishes a server, and what changed among its running tasks since the last call, for as long as its heart beats.
--
-- KEYS[1]    asynq:servers:{<host>:<pid>:<id>}  string: ServerInfo
-- KEYS[2]    asynq:workers:{<host>:<pid>:<id>}  hash: task id -> WorkerInfo
-- ARGV[1]    lifetime (seconds)
-- ARGV[2]    ServerInfo
-- ARGV[3]    1 to forget the tasks that are published
-- ARGV[4]    how many tasks have ended
-- ARGV[5..]  their ids; then per task that was started: id, WorkerInfo
-- Returns    how many tasks are published now
local call, begun = redis.call, 5 + ARGV[4]
call("SET", KEYS[1], ARGV[2], "EX", ARGV[1])
if ARGV[3] == "1" then call("DEL", KEYS[2]) end
if #ARGV >= begun then call("HSET", KEYS[2], unpack(ARGV, begun)) end
if begun > 5 then call("HDEL", KEYS[2], unpack(ARGV, 5, begun - 1)) end
local shown = call("HLEN", KEYS[2])
if shown > 0 then call("EXPIRE", KEYS[2], ARGV[1]) end
return shown
