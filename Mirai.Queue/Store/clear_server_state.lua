-- Deletes the state of a stopped server.
--
-- KEYS[1]  asynq:servers:{<host>:<pid>:<id>}  string: ServerInfo
-- KEYS[2]  asynq:workers:{<host>:<pid>:<id>}  hash: task id -> WorkerInfo
-- Returns  1
redis.call("DEL", KEYS[1], KEYS[2])
return 1
