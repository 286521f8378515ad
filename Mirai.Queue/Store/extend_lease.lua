-- Extends the leases of tasks that still belong to a worker: the fraction of the lease is the token of the worker's
-- take. No lease becomes shorter, and each one changes, so that a clock that was set back does no harm: a lease that
-- does not change is that of a dead worker.
--
-- KEYS[1]    asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]    new lease expiry (Unix seconds)
-- ARGV[2..]  per task: id, the token of its take (of 2^20)
-- Returns    positions (from 1) of the tasks that belong to another worker
local lost, position = {}, 0
for i = 2, #ARGV, 2 do
    position = position + 1
    local lease, token = tonumber(redis.call("ZSCORE", KEYS[2], ARGV[i])), tonumber(ARGV[i + 1])
    if not lease or lease % 1 * 1048576 ~= token then
        lost[#lost + 1] = position
    else
        local expiry, before = tonumber(ARGV[1]), math.floor(lease)
        if before > expiry then expiry = before + 1 end
        -- tostring would round the token away
        redis.call("ZADD", KEYS[2], string.format("%.17g", expiry + token / 1048576), ARGV[i])
    end
end
return lost
