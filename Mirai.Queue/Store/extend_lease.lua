-- Extends the leases of tasks that still belong to a worker: their lease is not newer than the lease the worker wrote
-- last. No lease becomes shorter, so that a clock that was set back does no harm.
--
-- KEYS[1]    asynq:{<queue>}:pending  list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]    asynq:{<queue>}:lease    zset: task id -> lease expiry (Unix seconds)
-- ARGV[1]    new lease expiry (Unix seconds)
-- ARGV[2..]  per task: id, the lease expiry its worker wrote last (Unix seconds)
-- Returns    positions (from 1) of the tasks that belong to another worker
local lost, position = {}, 0
for i = 2, #ARGV, 2 do
    position = position + 1
    local lease = redis.call("ZSCORE", KEYS[2], ARGV[i])
    if not lease or tonumber(lease) > tonumber(ARGV[i + 1]) then
        lost[#lost + 1] = position
    elseif tonumber(lease) < tonumber(ARGV[1]) then
        redis.call("ZADD", KEYS[2], ARGV[1], ARGV[i])
    end
end
return lost
