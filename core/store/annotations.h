#pragma once
// What people say about a run: tags, a note, and whether it is put away. A file of its own in the run directory,
// `annotations.json`; the record itself never changes.

#include "result.h"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace lab {

inline constexpr const char* kAnnotationsFile = "annotations.json";

struct Annotations {
  std::set<std::string> tags;
  std::string note;
  bool archived = false;  ///< lists leave it out unless asked for it
  bool operator==(const Annotations&) const = default;
};

/// Nothing said: no file. Problem: the file is unreadable or damaged.
Result<Annotations> readAnnotations(const std::filesystem::path& run);

/// Whole or not at all; nothing to say removes the file. Throws RunError (Disk).
void writeAnnotations(const std::filesystem::path& run, const Annotations& annotations);

/// Why a text is no tag; empty when it is one: a word without blanks, quotes and commas.
std::string whyNoTag(std::string_view text);

}  // namespace lab
