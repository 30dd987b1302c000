#include "store/checksums.h"

#include "data/digest.h"
#include "run_error.h"
#include "store/annotations.h"
#include "store/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = "SHA256SUMS";
constexpr size_t kDigestLetters = 64;

std::string digestOf(const std::string& content) {
  return sha256({reinterpret_cast<const uint8_t*>(content.data()), content.size()});
}

/// Relative names, sorted, of what does not change any more.
std::vector<std::string> filesOf(const fs::path& run) {
  static const std::set<std::string> kPassedOver = {kFile,     "state.json",  "lock",
                                                    "reserve", "checkpoints", kAnnotationsFile};
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator entry(run), end; entry != end; ++entry) {
    const std::string name = entry->path().lexically_relative(run).string();
    if (kPassedOver.contains(name) || entry->path().filename().string().starts_with('.')) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      files.push_back(name);
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

void writeChecksums(const fs::path& run) {
  std::string lines;
  for (const std::string& file : filesOf(run)) {
    const auto content = readWhole(run / file);
    if (!content) throw RunError(ExitCode::Disk, describe(content.problems()));
    lines += fmt::format("{}  {}\n", digestOf(content.value()), file);
  }
  writeNew(run / kFile, lines);
}

Result<std::vector<std::string>> checkChecksums(const fs::path& run) {
  const auto recorded = readWhole(run / kFile);
  if (!recorded) return recorded.problems();
  std::vector<std::string> files;
  Problems problems;
  const std::string& text = recorded.value();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.size() < kDigestLetters + 3) return Problem{kFile, fmt::format("{} is damaged: {}", kFile, line)};
    files.push_back(line.substr(kDigestLetters + 2));
    const auto content = readWhole(run / files.back());
    if (!content)
      problems.push_back(content.problems().front());
    else if (digestOf(content.value()) != line.substr(0, kDigestLetters))
      problems.push_back({files.back(), fmt::format("{} has changed since the run ended: its SHA-256 is another",
                                                    (run / files.back()).string())});
  }
  if (!problems.empty()) return problems;
  return files;
}

}  // namespace lab
