#pragma once
// A file on its way: TARGET.partial, locked while it grows, and beside it which version of the server's file it
// is.

#include "store/files.h"

#include <optional>

namespace lab {

class PartialFile {
 public:
  /// Opens or creates TARGET.partial. Throws RunError: Disk; Locked when another process writes it.
  explicit PartialFile(const std::filesystem::path& target);

  int64_t size() const { return size_; }
  /// ETag or date that the server gave with these bytes; empty: none.
  const std::string& version() const { return version_; }

  void restart();  ///< drops everything. Throws RunError (Disk)
  void setVersion(const std::string& version);
  void append(std::string_view bytes);

  std::string sha256() const;  ///< of what is there

  /// The file is whole: syncs and renames it to TARGET. Throws RunError (Disk).
  void finish();

 private:
  std::filesystem::path target_, versionPath_;
  Descriptor file_;
  int64_t size_ = 0;
  std::string version_;
};

}  // namespace lab
