-- Writes or deletes an entry, if the existing entry meets the condition, and reports the change to every process that
-- keeps copies. An entry that is never served (damaged, stale, of another version) counts as no entry.
--
-- KEYS[1]   <key>               string: the entry
-- KEYS[2]   mirai:fill:{<key>}  string: token of the one fill that may store the entry
-- ARGV[1]   the new entry; "" deletes
-- ARGV[2]   its lifetime (ms)
-- ARGV[3]   an entry with a timestamp before this one (Unix ms) is stale
-- ARGV[4]   the fill's token; "" for every other change, which ends a running fill
-- ARGV[5]   when to change: "" always; "=" the entry's tag is listed; "!" it is not; "-" it is listed, or no entry
-- ARGV[6]   channel of the processes that keep copies
-- ARGV[7]   message on that channel; "" for no message
-- ARGV[8..] entity tags without W/ and quotes; "*" is any
-- Returns   1 (changed) or 0 (refused), then the ETag before the change: "" for no entry, and when ARGV[5] is ""
local call, tag, etag, listed = redis.call, nil, "", false
local function read(...) -- a key of another type holds no entry
    local reply = redis.pcall(...)
    return type(reply) == "string" and reply or ""
end
if ARGV[4] ~= "" and call("GET", KEYS[2]) ~= ARGV[4] then
    return { 0, "" }
end
if ARGV[5] ~= "" then
    -- Writers put these three members last: large data need not be read or decoded.
    local weak, time, version
    weak, tag, time, version = string.match(read("GETRANGE", KEYS[1], -512, -1),
        '[,{]%s*"etag"%s*:%s*"(W?/?)\\"([^"\\]*)\\""%s*,%s*"timestamp"%s*:%s*(%d+)%s*,%s*"version"%s*:%s*(%d+)%s*}%s*$')
    if not tag then
        local decoded, entry = pcall(cjson.decode, read("GET", KEYS[1]))
        entry = decoded and type(entry) == "table" and entry or {}
        weak, tag = string.match(type(entry.etag) == "string" and entry.etag or "", '^(W?/?)"(.*)"$')
        time, version = entry.timestamp, entry.version
    end
    if tag and (tonumber(version) ~= 1 or (tonumber(time) or 0) < tonumber(ARGV[3])) then tag = nil end
    if tag then etag = weak .. '"' .. tag .. '"' end
    for i = 8, #ARGV do
        listed = listed or (tag and (ARGV[i] == "*" or ARGV[i] == tag))
    end
    if (ARGV[5] == "=" and not listed) or (ARGV[5] == "!" and listed) or (ARGV[5] == "-" and tag and not listed) then
        return { 0, etag }
    end
end
call("UNLINK", KEYS[2])
if ARGV[1] == "" then call("UNLINK", KEYS[1]) else call("SET", KEYS[1], ARGV[1], "PX", ARGV[2]) end
if ARGV[7] ~= "" then call("PUBLISH", ARGV[6], ARGV[7]) end
return { 1, etag }
