-- Publishes the entries of a scheduler, for as long as its heart beats.
--
-- KEYS[1]    asynq:schedulers:{<host>:<pid>:<id>}  list: SchedulerEntry, the last one first
-- ARGV[1]    lifetime (seconds)
-- ARGV[2..]  per entry: SchedulerEntry
-- Returns    1
redis.call("DEL", KEYS[1])
for i = 2, #ARGV do
    redis.call("LPUSH", KEYS[1], ARGV[i])
end
if #ARGV > 1 then
    redis.call("EXPIRE", KEYS[1], ARGV[1])
end
return 1
