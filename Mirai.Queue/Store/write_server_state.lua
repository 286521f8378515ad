-- Publishes a server and what its workers do, for as long as its heart beats.
--
-- KEYS[1]    asynq:servers:{<host>:<pid>:<id>}  string: ServerInfo
-- KEYS[2]    asynq:workers:{<host>:<pid>:<id>}  hash: task id -> WorkerInfo
-- ARGV[1]    lifetime (seconds)
-- ARGV[2]    ServerInfo
-- ARGV[3..]  per running task: id, WorkerInfo
-- Returns    1
redis.call("SET", KEYS[1], ARGV[2], "EX", ARGV[1])
redis.call("DEL", KEYS[2])
for i = 3, #ARGV, 2 do
    redis.call("HSET", KEYS[2], ARGV[i], ARGV[i + 1])
end
if #ARGV > 2 then
    redis.call("EXPIRE", KEYS[2], ARGV[1])
end
return 1
