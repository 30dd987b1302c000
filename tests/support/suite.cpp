// Only here so that there is something to compile; see suite.h.
