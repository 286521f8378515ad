-- Include: stores the hash of a new task, unless the id is taken or an equal task holds the uniqueness lock. The
-- script that includes this file puts the id where the task waits. The id is tested first, so that a refused task
-- leaves no lock behind. A task of a group does not name its lock, as in Asynq.
--
-- Defines  call: redis.call
-- Defines  insert(hash, id, message, state, lock, lifetime, isNew, ...): lock and lifetime (seconds) are nil for a
--          task without a lock; isNew is true when the id is known to be free; at the end more fields of the hash.
--          Returns nil for a stored task, "" for "the id is taken", or the id of the lock's owner.
local call = redis.call
local function insert(hash, id, message, state, lock, lifetime, isNew, ...)
    if not isNew and call("EXISTS", hash) == 1 then return "" end
    if lock and not call("SET", lock, id, "NX", "EX", lifetime) then return call("GET", lock) or "" end
    if lock and state ~= "aggregating" then
        call("HSET", hash, "msg", message, "state", state, "unique_key", lock, ...)
    else
        call("HSET", hash, "msg", message, "state", state, ...)
    end
end
