-- Returns the mark of a tag for an entry that is about to be written. The entry is valid while the tag has that mark.
--
-- KEYS[1]  mirai:tag:<tag>  string: the mark
-- ARGV[1]  the mark to set if there is none
-- ARGV[2]  lifetime of the mark from now (ms): longer than any entry's
-- Returns  the mark
local mark = redis.call("GET", KEYS[1])
if mark then
    redis.call("PEXPIRE", KEYS[1], ARGV[2])
    return mark
end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return ARGV[1]
