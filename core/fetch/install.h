#pragma once
// Data sets that this program has downloaded: a folder each, with a SHA256SUMS of its files.

#include "fetch/catalogue.h"
#include "result.h"

#include <filesystem>
#include <optional>

namespace lab {

inline constexpr const char* kChecksumFile = "SHA256SUMS";

/// Where downloads of a data set go: below `root`, else below the data home; see dataFolders().
std::filesystem::path downloadFolder(std::string_view dataset, const std::string& root);

/// Fetches what is missing or damaged of the data set into `folder`. `options.progress` gets bytes of all files.
/// Throws as download() and unpackArchive() do; Disk also when `folder` holds an archive's data that did not come
/// from here, Locked when another process downloads into the same place.
void install(const CatalogueEntry& entry, const std::filesystem::path& folder, const TransferOptions& options);

/// Whether install() has filled this folder.
bool isInstalled(const std::filesystem::path& folder);

/// The files that install() has left in `folder`, name to SHA-256, read anew. Problems: those that are missing or
/// have changed since.
struct InstalledFiles {
  std::vector<UnpackedFile> files;
  Problems problems;
};
InstalledFiles checkInstalled(const std::filesystem::path& folder);

/// Removes what install() has left in and beside `folder`, unfinished downloads too, and nothing else. Returns the
/// number of files. Throws RunError: Disk; Locked.
int64_t uninstall(const CatalogueEntry& entry, const std::filesystem::path& folder);

}  // namespace lab
