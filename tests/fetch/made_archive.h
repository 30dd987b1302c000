#pragma once
// Archives made for tests, good and hostile.

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

struct MadeEntry {
  std::string path;
  std::string content = "";
  unsigned type = AE_IFREG;
  std::string link = "";  ///< symbolic for AE_IFLNK, else hard
};

/// A tar archive, compressed by what the name ends with (.tar.gz), or a zip archive (.zip).
inline void makeArchive(const std::filesystem::path& path, const std::vector<MadeEntry>& entries) {
  ::archive* out = archive_write_new();
  if (archive_write_set_format_filter_by_ext(out, path.c_str()) != ARCHIVE_OK) std::abort();
  if (archive_write_open_filename(out, path.c_str()) != ARCHIVE_OK) std::abort();
  for (const MadeEntry& made : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, made.path.c_str());
    archive_entry_set_filetype(entry, made.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(made.content.size()));
    if (made.type == AE_IFLNK) archive_entry_set_symlink(entry, made.link.c_str());
    if (made.type == AE_IFREG && !made.link.empty()) archive_entry_set_hardlink(entry, made.link.c_str());
    archive_write_header(out, entry);
    if (!made.content.empty()) archive_write_data(out, made.content.data(), made.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
}
