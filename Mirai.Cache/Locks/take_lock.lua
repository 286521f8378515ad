-- Takes a lock that is free, or that the caller holds without knowing it because the reply to its first attempt was
-- lost. A fencing token is the clock of Redis, but always above the last token. So tokens rise even when the key with
-- the last token is lost by expiry, eviction or failover.
--
-- KEYS[1]  lock:<key>                string: its owner
-- KEYS[2]  mirai:fence:{lock:<key>}  string: the last fencing token (microseconds)
-- ARGV[1]  the new owner
-- ARGV[2]  lifetime of the lock (ms)
-- ARGV[3]  lifetime of the last token (ms); 0 when the token is not used: the clock is enough then
-- Returns  the fencing token, or "" when another owner holds the lock; then how long the lock lives (ms), -1: no end
local owner = redis.call("GET", KEYS[1])
if owner and owner ~= ARGV[1] then
    return { "", redis.call("PTTL", KEYS[1]) }
end
local now, last = redis.call("TIME"), redis.call("GET", KEYS[2])
local token = math.max(now[1] * 1000000 + now[2], (tonumber(last or 0) or 0) + 1)
local text = string.format("%.0f", token)
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
if ARGV[3] ~= "0" then redis.call("SET", KEYS[2], text, "PX", ARGV[3]) end
return { text, tonumber(ARGV[2]) }
