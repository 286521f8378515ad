-- Include: claims the id and the uniqueness lock of a new task, and remembers the id for a while, so that a call that
-- is repeated after a lost reply adds no task twice. The script that includes this file stores the message.
--
-- KEYS[1]  asynq:queues    set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]  asynq:enqueued  zset: task id -> until when it is remembered (Unix seconds)
-- ARGV[1]  now (Unix seconds)
-- Defines  call: redis.call
-- Defines  claim(id, lock, lifetime, memory): lock and lifetime (seconds) are nil for a task without a lock; memory is
--          how long the id is remembered (seconds). Returns nil for a task that may be stored, "" for "the id is
--          taken", or the id of the lock's owner ("?": the lock holds no id).
local call = redis.call
local function claim(id, lock, lifetime, memory)
    if call("ZSCORE", KEYS[2], id) then return "" end
    if lock and not call("SET", lock, id, "NX", "EX", lifetime) then
        local owner = redis.pcall("GET", lock)
        return type(owner) == "string" and owner or "?"
    end
    call("ZADD", KEYS[2], ARGV[1] + memory, id)
    if call("TTL", KEYS[2]) < tonumber(memory) then call("EXPIRE", KEYS[2], memory) end
end
