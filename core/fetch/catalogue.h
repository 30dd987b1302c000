#pragma once
// The table of downloads: where the files of data sets come from and what exactly they are.

#include "fetch/archive.h"
#include "fetch/download.h"

#include <span>
#include <string_view>

namespace lab {

struct CatalogueEntry {
  std::string_view dataset;       ///< a row of dataset_table.h
  std::vector<RemoteFile> files;  ///< the files of the data set, or one archive of them
  bool archive = false;
  ArchiveLimits unpacked{};  ///< what the archive may hold

  int64_t size() const;  ///< bytes to fetch
};

std::span<const CatalogueEntry> catalogue();
const CatalogueEntry* findDownload(std::string_view dataset);

/// The same files from another server: MIRROR/DATASET/FILE. `mirror` empty: `entry` itself.
CatalogueEntry mirrored(CatalogueEntry entry, const std::string& mirror);

}  // namespace lab
