-- Renews a lock, for its owner only.
--
-- KEYS[1]  lock:<key>  string: its owner
-- ARGV[1]  the owner
-- ARGV[2]  lifetime from now (ms)
-- Returns  1, or 0 when the lock is gone or has another owner
if redis.call("GET", KEYS[1]) ~= ARGV[1] then
    return 0
end
return redis.call("PEXPIRE", KEYS[1], ARGV[2])
