-- A script with an include.
--
-- Returns  3
--#include included
local sum = one + two
    -- indented comments stay: only lines that begin with a comment go
return sum
