-- Include: deletes the hash of a task, and the uniqueness lock that the task still holds. A lock of another task
-- stays. A task that was added to a group does not name its lock in its hash, as in Asynq: the name is field 10 of its
-- message.
--
-- Defines  delete_task(prefix, id): prefix of the task hashes of the queue
local function varint(text, at)
    local value, scale = 0, 1
    for i = at, at + 9 do
        local byte = string.byte(text, i) or 0
        value, scale = value + byte % 128 * scale, scale * 128
        if byte < 128 then return value, i + 1 end
    end
    return 0, at + 10
end
local function lock_in(message)
    local at, lock = 1, nil
    for _ = 1, 100 do -- a message has 15 fields; its headers, of which there may be many, come last
        if at > #message then break end
        local tag, length
        tag, at = varint(message, at)
        if tag % 8 == 2 then
            length, at = varint(message, at)
        elseif tag % 8 == 0 then
            length, tag, at = 0, 0, select(2, varint(message, at))
        else
            length = tag % 8 == 1 and 8 or 4
        end
        if length < 0 or at + length > #message + 1 then break end
        if tag == 82 then lock = string.sub(message, at, at + length - 1) end
        at = at + length
    end
    return lock
end
local function delete_task(prefix, id)
    local lock, group = unpack(redis.pcall("HMGET", prefix .. id, "unique_key", "group"))
    local isOfGroup = (lock or "") == "" and (group or "") ~= ""
    if isOfGroup then lock = lock_in(redis.call("HGET", prefix .. id, "msg") or "") end
    local isOfQueue = lock and string.sub(lock, 1, #prefix - 2) == string.sub(prefix, 1, -3) -- else another slot
    if isOfQueue and redis.pcall("GET", lock) == id then redis.call("DEL", lock) end
    redis.call("DEL", prefix .. id)
end
