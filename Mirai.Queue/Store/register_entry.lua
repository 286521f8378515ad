-- Registers a periodic task, and returns how far its ticks are settled. A new periodic task begins at the caller's
-- time.
--
-- KEYS[1]  asynq:{<queue>}:pending          list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:periodic:<name>  hash: tick (Unix seconds of the last one settled), task (the last one
--          enqueued), by (whose tick that was), spec
-- ARGV[1]  the moment (Unix seconds)
-- ARGV[2]  time zone and spec
-- ARGV[3]  lifetime of the hash (seconds)
-- Returns  the last tick settled (Unix seconds), and 1 if it was one of another spec, else 0
local known = redis.call("HMGET", KEYS[2], "tick", "spec")
local tick, changed = known[1] or ARGV[1], 0
if known[1] and known[2] ~= ARGV[2] then
    changed = 1
end
redis.call("HSET", KEYS[2], "tick", tick, "spec", ARGV[2])
redis.call("EXPIRE", KEYS[2], ARGV[3])
return { tick, changed }
