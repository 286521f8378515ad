-- Include: a number.
--
-- Defines  one
local one = 1
