#pragma once
// Reads an archive from its beginning to its end and accepts nothing that an archive of data has no reason to
// hold. Private to this room.

#include "fetch/archive.h"

#include <functional>
#include <span>

namespace lab {

/// What to do with the entries, each of which has been accepted. Functions may be empty.
struct ArchiveSink {
  std::function<void(const std::string&path)> folder, file;
  std::function<void(int64_t offset, std::span<const uint8_t> bytes)> block;  ///< of the last file; offsets rise
  std::function<void(int64_t size)> fileEnds;
};

/// Throws RunError: Data (refused or damaged), Interrupted; and what the sink throws.
void readArchive(const std::filesystem::path& archive, const ArchiveLimits& limits, const std::stop_token& stop,
                 const ArchiveSink& sink);

}  // namespace lab
