#include "store/files.h"

#include "run_error.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace lab {

namespace fs = std::filesystem;

namespace {

std::string reason(int error) { return std::error_code(error, std::generic_category()).message(); }

[[noreturn]] void fail(const char* what, const fs::path& path) {
  throw RunError(ExitCode::Disk, fmt::format("cannot {} {}: {}", what, path.string(), reason(errno)));
}

}  // namespace

Descriptor::Descriptor(const fs::path& path, int flags)
    : path_(path), fd_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {
  if (fd_ < 0) fail((flags & O_CREAT) != 0 ? "create" : "open", path);
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  close();
  path_ = std::move(other.path_);
  fd_ = std::exchange(other.fd_, -1);
  return *this;
}

Descriptor::~Descriptor() { close(); }

void Descriptor::close() noexcept {
  if (fd_ >= 0) ::close(fd_);
}

void Descriptor::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path_);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void Descriptor::sync() const {
  // Devices and pipes have nothing to sync and say EINVAL.
  if (fsync(fd_) != 0 && errno != EINVAL) fail("write", path_);
}

void writeWhole(const fs::path& path, std::string_view content) {
  const fs::path folder = path.parent_path().empty() ? "." : path.parent_path();
  const fs::path beside = folder / fmt::format(".{}.{}.part", path.filename().string(), getpid());
  try {
    const Descriptor file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(content);
    file.sync();
    if (rename(beside.c_str(), path.c_str()) != 0) fail("replace", path);
    Descriptor(folder, O_RDONLY | O_DIRECTORY).sync();
  } catch (...) {
    unlink(beside.c_str());
    throw;
  }
}

void writeNew(const fs::path& path, std::string_view content) {
  Descriptor(path, O_WRONLY | O_CREAT | O_EXCL).write(content);
}

Result<std::string> readWhole(const fs::path& path) {
  const auto problem = [&](int error) {
    return Problem{path.string(), fmt::format("cannot read {}: {}", path.string(), reason(error))};
  };
  std::error_code error;
  if (fs::is_directory(path, error)) return problem(EISDIR);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return problem(errno == 0 ? EIO : errno);
  std::ostringstream content;
  content << file.rdbuf();
  if (file.bad()) return problem(errno == 0 ? EIO : errno);
  return std::move(content).str();
}

GrowingFile::GrowingFile(const fs::path& path, std::string_view header)
    : file_(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND), size_(static_cast<int64_t>(header.size())) {
  file_.write(header);
}

GrowingFile::GrowingFile(const fs::path& path, int64_t size) : file_(path, O_WRONLY | O_APPEND), size_(size) {
  if (!hasBytes(path, size))
    throw RunError(ExitCode::Disk, fmt::format("{} has less than the {} bytes it had", path.string(), size));
  if (ftruncate(file_.get(), size) != 0) fail("cut", path);
}

void GrowingFile::flush() {
  const std::string lines = std::exchange(buffer_, {});
  file_.write(lines);
  size_ += static_cast<int64_t>(lines.size());
}

void GrowingFile::sync() {
  flush();
  file_.sync();
}

bool hasBytes(const fs::path& path, int64_t size) {
  std::error_code error;
  const auto there = fs::file_size(path, error);
  return !error && there >= static_cast<uintmax_t>(size);
}

}  // namespace lab
