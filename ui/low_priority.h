#pragma once
// Training takes every core that is left over, never the one that draws the window.

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lab::ui {

/// Gives the calling thread, and the threads that it starts afterwards, the lowest priority (nice 19; Linux keeps
/// niceness per thread).
inline void lowerThreadPriority() { setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 19); }

}  // namespace lab::ui
