-- Releases a lock, for its owner only, and wakes those who wait for it.
--
-- KEYS[1]  lock:<key>  string: its owner
-- ARGV[1]  the owner
-- ARGV[2]  channel of the processes that wait
-- Returns  1, or 0 when the lock is gone or has another owner
if redis.call("GET", KEYS[1]) ~= ARGV[1] then
    return 0
end
redis.call("DEL", KEYS[1])
redis.call("PUBLISH", ARGV[2], "")
return 1
