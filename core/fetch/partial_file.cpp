#include "fetch/partial_file.h"

#include "data/digest.h"
#include "run_error.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace lab {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* what, const fs::path& path) {
  throw RunError(ExitCode::Disk,
                 fmt::format("cannot {} {}: {}", what, path.string(), std::generic_category().message(errno)));
}

fs::path beside(const fs::path& target, const char* suffix) { return target.string() + suffix; }

}  // namespace

PartialFile::PartialFile(const fs::path& target)
    : target_(target),
      versionPath_(beside(target, ".partial.version")),
      file_(beside(target, ".partial"), O_RDWR | O_CREAT | O_APPEND) {
  struct stat status {
  }, named{};
  const bool locked = flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
  if (fstat(file_.get(), &status) != 0) fail("read", file_.path());
  // It may have been finished, and so renamed, by another process just before it was locked here.
  if (!locked || stat(file_.path().c_str(), &named) != 0 || named.st_ino != status.st_ino)
    throw RunError(ExitCode::Locked, fmt::format("another process is fetching {}", target.string()));
  size_ = status.st_size;
  if (auto version = readWhole(versionPath_)) version_ = version.take();
}

void PartialFile::restart() {
  setVersion({});
  if (size_ > 0 && ftruncate(file_.get(), 0) != 0) fail("cut", file_.path());
  size_ = 0;
}

void PartialFile::setVersion(const std::string& version) {
  if (version == version_) return;
  if (version.empty())
    unlink(versionPath_.c_str());
  else
    writeWhole(versionPath_, version);
  version_ = version;
}

void PartialFile::append(std::string_view bytes) {
  file_.write(bytes);
  size_ += static_cast<int64_t>(bytes.size());
}

std::string PartialFile::sha256() const {
  Digest digest;
  std::vector<uint8_t> block(1 << 20);
  for (int64_t at = 0; at < size_;) {
    const ssize_t got = pread(file_.get(), block.data(), block.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("read", file_.path());
    digest.add({block.data(), static_cast<size_t>(got)});
    at += got;
  }
  return digest.finish();
}

void PartialFile::finish() {
  file_.sync();
  if (rename(file_.path().c_str(), target_.c_str()) != 0) fail("replace", target_);
  setVersion({});
  Descriptor(target_.parent_path(), O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace lab
