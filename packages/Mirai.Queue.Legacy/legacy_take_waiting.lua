-- Takes tasks that their worker has deferred, before they are due. They are searched among the first 200 tasks of
-- their second; a task that is not found there waits until it is due.
--
-- KEYS[1]    asynq:queues          set (not used: every script of this layout names it, which Garnet locks by)
-- KEYS[2]    asynq:paused          set: the lists of paused queues
-- KEYS[3]    asynq:in_progress     list: messages of running tasks, newest at the head
-- KEYS[4]    asynq:deadlines       zset: message -> deadline of its execution (Unix seconds)
-- KEYS[5]    asynq:retry           zset: message -> due time (Unix seconds)
-- KEYS[6]    asynq:queues:<queue>  list of the queue
-- ARGV[1]    now (Unix seconds)
-- ARGV[2..]  per task: id, the due time its worker gave it (Unix seconds)
-- Returns    per task taken: message, its deadline
local call, now, seconds, reply = redis.call, tonumber(ARGV[1]), {}, {}
if call("SISMEMBER", KEYS[2], KEYS[6]) == 1 then
    return reply
end
local function waiting(due)
    local tasks = {}
    for _, message in ipairs(call("ZRANGEBYSCORE", KEYS[5], due, due, "LIMIT", 0, 200)) do
        local read, task = pcall(cjson.decode, message)
        if read and type(task) == "table" and type(task.ID) == "string" then
            local timeout, latest = tonumber(task.Timeout) or 0, tonumber(task.Deadline) or 0
            if timeout <= 0 and latest <= 0 then timeout = 1800 end
            if timeout > 0 then latest = math.min(now + timeout, latest > 0 and latest or 253402300799) end
            tasks[task.ID] = { message, string.format("%.0f", math.min(latest, 253402300799)) }
        end
    end
    return tasks
end
for i = 2, #ARGV, 2 do
    local due = ARGV[i + 1]
    seconds[due] = seconds[due] or waiting(due)
    local task = seconds[due][ARGV[i]]
    if task then
        call("LPUSH", KEYS[3], task[1])
        call("ZADD", KEYS[4], task[2], task[1])
        call("ZREM", KEYS[5], task[1])
        reply[#reply + 1], reply[#reply + 2] = task[1], task[2]
    end
end
return reply
