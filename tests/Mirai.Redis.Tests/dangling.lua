--#include missing
return 1
