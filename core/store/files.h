#pragma once
// Files that appear whole or not at all, and files that only grow.

#include "result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lab {

/// An open file descriptor, closed at the end. Not inherited by child processes.
class Descriptor {
 public:
  Descriptor() = default;
  /// Opens with open(2)'s flags. Throws RunError (Disk) with the path and the system's reason.
  Descriptor(const std::filesystem::path& path, int flags);
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }

  /// Writes all of `bytes`. Throws RunError (Disk).
  void write(std::string_view bytes) const;
  void sync() const;

 private:
  void close() noexcept;
  std::filesystem::path path_;
  int fd_ = -1;
};

/// Writes beside, syncs, renames. Throws RunError (Disk); the old file is untouched then.
void writeWhole(const std::filesystem::path& path, std::string_view content);

/// Creates a file that nobody reads before its folder or its run is there. Not synced: that costs milliseconds.
void writeNew(const std::filesystem::path& path, std::string_view content);

/// Problem: the file cannot be read, with the system's reason.
Result<std::string> readWhole(const std::filesystem::path& path);

/// A file that grows by whole lines or records, in memory until flush().
class GrowingFile {
 public:
  /// Creates the file, which must not exist, with `header`. Throws RunError (Disk).
  GrowingFile(const std::filesystem::path& path, std::string_view header);

  /// Goes on after the first `size` bytes of a file; what follows them is cut off. Throws RunError (Disk), also
  /// when the file is shorter.
  GrowingFile(const std::filesystem::path& path, int64_t size);

  std::string& buffer() { return buffer_; }  ///< append whole lines here
  void flush();                              ///< Throws RunError (Disk); the buffer is dropped then
  void sync();                               ///< flushes, and waits for the disk
  int64_t size() const { return size_; }     ///< bytes flushed so far
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  Descriptor file_;
  std::string buffer_;
  int64_t size_;
};

/// Whether a file holds at least so many bytes.
bool hasBytes(const std::filesystem::path& path, int64_t size);

}  // namespace lab
