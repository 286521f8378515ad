-- Counts the tasks of a queue.
--
-- KEYS[1]   asynq:{<queue>}:pending          list: task ids, oldest at the tail
-- KEYS[2]   asynq:{<queue>}:active           list
-- KEYS[3]   asynq:{<queue>}:scheduled        zset
-- KEYS[4]   asynq:{<queue>}:retry            zset
-- KEYS[5]   asynq:{<queue>}:archived         zset
-- KEYS[6]   asynq:{<queue>}:completed        zset
-- KEYS[7]   asynq:{<queue>}:processed:<day>  string
-- KEYS[8]   asynq:{<queue>}:failed:<day>     string
-- KEYS[9]   asynq:{<queue>}:processed        string
-- KEYS[10]  asynq:{<queue>}:failed           string
-- KEYS[11]  asynq:{<queue>}:paused           string: there while the queue is paused
-- KEYS[12]  asynq:{<queue>}:groups           set: names of groups
-- ARGV[1]   asynq:{<queue>}:t:               prefix of the task hashes
-- Returns   sizes of KEYS[1..6], counters KEYS[7..10], 1 if paused, number of groups,
--           when the oldest pending task became pending (Unix nanoseconds, "" if unknown)
local reply = {}
for i = 1, 2 do
    reply[i] = redis.call("LLEN", KEYS[i])
end
for i = 3, 6 do
    reply[i] = redis.call("ZCARD", KEYS[i])
end
for i = 7, 10 do
    reply[i] = redis.call("GET", KEYS[i]) or "0"
end
reply[11] = redis.call("EXISTS", KEYS[11])
reply[12], reply[13] = redis.call("SCARD", KEYS[12]), ""
local oldest = redis.call("LINDEX", KEYS[1], -1)
if oldest then
    reply[13] = redis.call("HGET", ARGV[1] .. oldest, "pending_since") or ""
end
return reply
