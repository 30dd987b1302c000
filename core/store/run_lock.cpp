#include "store/run_lock.h"

#include "run_error.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>

namespace lab {

Descriptor lockRun(const std::filesystem::path& directory) {
  Descriptor file(directory / "lock", O_RDWR | O_CREAT);
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    throw RunError(ExitCode::Locked,
                   fmt::format("the run {} is being written by another process: wait for its end or "
                               "stop it",
                               directory.string()));
  return file;
}

bool isLocked(const std::filesystem::path& directory) {
  try {
    const Descriptor file(directory / "lock", O_RDONLY);
    return flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  } catch (const RunError&) {
    return false;
  }
}

}  // namespace lab
