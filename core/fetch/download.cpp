#include "fetch/download.h"

#include "fetch/http_get.h"
#include "fetch/partial_file.h"
#include "run_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace lab {

namespace fs = std::filesystem;

namespace {

void needRoom(const RemoteFile& file, const fs::path& target, int64_t have) {
  std::error_code error;
  const fs::space_info space = fs::space(target.parent_path(), error);
  const auto missing = static_cast<uintmax_t>(std::max<int64_t>(0, file.size - have));
  if (error || space.available >= missing) return;
  throw RunError(ExitCode::Disk, fmt::format("{} needs {} more bytes and {} has room for {}", file.name, missing,
                                             target.parent_path().string(), space.available));
}

/// Until the time is over or a stop is requested.
void wait(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, time, [] { return false; });
}

/// Requests until the server has sent everything.
void transfer(const RemoteFile& file, PartialFile& partial, const TransferOptions& options) {
  auto pause = options.firstWait;
  int newStarts = options.attempts;  // counted apart: after each of them bytes come anew
  for (int left = options.attempts; partial.size() < file.size;) {
    const int64_t before = partial.size();
    Outcome outcome = httpGet(file, partial, options);
    if (outcome.kind == Outcome::Kind::Hopeless) throw RunError(ExitCode::Data, outcome.why);
    if (partial.size() == file.size) return;
    if (outcome.kind == Outcome::Kind::Done)
      outcome.why = fmt::format("{} ended after {} bytes, {} would be right", file.url, partial.size(), file.size);
    if (outcome.kind == Outcome::Kind::StartAnew) partial.restart(), --newStarts;
    if (partial.size() > before) left = options.attempts, pause = options.firstWait;
    if (--left <= 0 || newStarts <= 0) throw RunError(ExitCode::Data, outcome.why);
    wait(pause, options.stop);
    pause *= 2;
  }
}

}  // namespace

void download(const RemoteFile& file, const fs::path& target, const TransferOptions& options) {
  PartialFile partial(target);
  if (partial.size() > file.size) partial.restart();
  needRoom(file, target, partial.size());
  bool resumed = partial.size() > 0;
  while (true) {
    transfer(file, partial, options);
    const std::string found = partial.sha256();
    if (found == file.sha256) break;
    partial.restart();
    if (!resumed)
      throw RunError(ExitCode::Data,
                     fmt::format("{} has the SHA-256 {}, {} would be right: it is damaged or the server "
                                 "has another file; nothing of it was kept",
                                 file.url, found, file.sha256));
    resumed = false;  // its first part may have been of another version: once more, in one piece
  }
  partial.finish();
}

}  // namespace lab
