-- Moves tasks of a group that is due into an aggregation set, the oldest first and with the times they were added. The
-- caller repeats the call while more tasks belong to the set; a call that is repeated does no harm. An id whose task
-- is gone (a ghost) is dropped.
--
-- KEYS[1]  asynq:{<queue>}:pending           list (not used: every script of a queue names it, which Garnet locks by)
-- KEYS[2]  asynq:{<queue>}:groups            set: names of the groups to look at
-- KEYS[3]  asynq:{<queue>}:g:<group>         zset: task id -> time added (Unix seconds)
-- KEYS[4]  asynq:{<queue>}:g:<group>:<set>   zset: the same, of the set
-- KEYS[5]  asynq:{<queue>}:aggregation_sets  zset: name of a set's key -> its deadline (Unix seconds)
-- ARGV[1]  asynq:{<queue>}:t:                prefix of the task hashes
-- ARGV[2]  group
-- ARGV[3]  deadline of the set (Unix seconds)
-- ARGV[4]  now (Unix seconds)
-- ARGV[5]  grace period (seconds)
-- ARGV[6]  longest delay (seconds; 0: none)
-- ARGV[7]  size of a full group and a full set (0: none)
-- ARGV[8]  most tasks to move
-- ARGV[9]  size of messages (bytes) after which no further task is moved
-- Returns  tasks in the set (0: the group is not due), size of the messages moved (bytes), 1 if more belong to the set
--#include delete_task
local call, delay, full, room = redis.call, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[9])
local size, waiting, most = call("ZCARD", KEYS[4]), call("ZCARD", KEYS[3]), tonumber(ARGV[8])
if full > 0 then most = math.min(most, full - size) end
local ids = most > 0 and call("ZRANGE", KEYS[3], 0, most - 1, "WITHSCORES") or {}
if size == 0 and #ids > 0 and (full == 0 or waiting < full) then
    local due = call("ZRANGE", KEYS[3], -1, -1, "WITHSCORES")[2] + ARGV[5]
    if delay > 0 then due = math.min(due, ids[2] + delay) end
    if due > tonumber(ARGV[4]) then return { 0, 0, 0 } end
end
local staged, ghosts, moved = {}, {}, 0
while moved * 2 < #ids and room > 0 do
    local id, score = ids[moved * 2 + 1], ids[moved * 2 + 2]
    local length = call("HSTRLEN", ARGV[1] .. id, "msg")
    moved, room = moved + 1, room - length
    if length == 0 then
        ghosts[#ghosts + 1] = id
    else
        staged[#staged + 1], staged[#staged + 2] = score, id
    end
end
if #staged > 0 then
    call("ZADD", KEYS[5], ARGV[3], KEYS[4])
    call("ZADD", KEYS[4], unpack(staged))
end
for _, id in ipairs(ghosts) do delete_task(ARGV[1], id) end
if moved > 0 then call("ZREMRANGEBYRANK", KEYS[3], 0, moved - 1) end
if waiting == moved then call("SREM", KEYS[2], ARGV[2]) end
size = size + moved - #ghosts
return { size, ARGV[9] - room, (waiting > moved and (full == 0 or size < full)) and 1 or 0 }
