#pragma once
// Archives from elsewhere (tar, zip, ...; libarchive). Nothing in them is trusted.

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace lab {

/// What an archive may hold.
struct ArchiveLimits {
  int64_t bytes = 0;    ///< of all its files together, unpacked
  int64_t entries = 0;  ///< files and folders
};

/// A file of an archive.
struct UnpackedFile {
  std::string path;  ///< below the folder, with '/'
  std::string sha256;
};

/// Unpacks to `folder`, which must not exist and appears whole or not at all. The archive is read to its end
/// before anything is written: it is refused when it is damaged, beyond its limits, or holds anything but files
/// and folders with plain relative names (an absolute path, "..", a link, a device, a name twice). Throws
/// RunError: Data (refused; the entry and what is wrong with it), Disk, Interrupted.
std::vector<UnpackedFile> unpackArchive(const std::filesystem::path& archive, const std::filesystem::path& folder,
                                        const ArchiveLimits& limits, const std::stop_token& stop);

}  // namespace lab
