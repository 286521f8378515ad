-- Include: numbers.
--
-- Defines  one, two
--#include deeper
local two = 2
