#include "store/run_index.h"

#include "store/paths.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace lab {

namespace fs = std::filesystem;

namespace {

void stampFile(const fs::path& file, int64_t& time, int64_t& inode) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return;
  time = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
  inode = static_cast<int64_t>(status.st_ino);
}

void newestFirst(std::vector<StoredRun>& runs) {
  std::stable_sort(runs.begin(), runs.end(),
                   [](const StoredRun& a, const StoredRun& b) { return a.started > b.started; });
}

/// Files alone do not tell: the lock, and rows that arrive.
bool changesByItself(const StoredRun& run) { return run.status == StoredStatus::Running; }

}  // namespace

std::vector<fs::path> runDirectories(const fs::path& runs) {
  std::vector<fs::path> directories;
  std::error_code error;
  for (fs::directory_iterator entry(runs, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_directory(error) && !entry->path().filename().string().starts_with('.'))
      directories.push_back(entry->path());
  std::sort(directories.begin(), directories.end());
  return directories;
}

RunIndex::Stamp RunIndex::stampOf(const fs::path& directory) {
  Stamp stamp;
  stampFile(directory / "state.json", stamp.state, stamp.stateInode);
  stampFile(directory / kAnnotationsFile, stamp.annotations, stamp.annotationsInode);
  return stamp;
}

RunIndex::Entry RunIndex::read(const fs::path& directory) {
  Entry entry;
  entry.stamp = stampOf(directory);
  auto run = readRun(directory);
  if (!run) {
    entry.problems = run.problems();
    return entry;
  }
  entry.run = run.take();
  if (const auto annotations = readAnnotations(directory); !annotations) entry.problems = annotations.problems();
  return entry;
}

bool RunIndex::refresh() {
  bool changed = false;
  std::map<std::string, Entry> now;
  for (const fs::path& directory : runDirectories(runsFolder(home_))) {
    auto known = entries_.extract(directory.string());
    if (known.empty()) {
      now.emplace(directory.string(), read(directory));
      changed = true;
      continue;
    }
    Entry& entry = known.mapped();
    if (entry.stamp != stampOf(directory) || (entry.run && changesByItself(*entry.run))) {
      Entry fresh = read(directory);
      changed =
          changed || entry.stamp != fresh.stamp || entry.run.has_value() != fresh.run.has_value() ||
          (entry.run && (entry.run->status != fresh.run->status || entry.run->progress != fresh.run->progress));
      entry = std::move(fresh);
    }
    now.insert(std::move(known));
  }
  changed = changed || !entries_.empty();  // what is left there is gone
  entries_ = std::move(now);
  return changed;
}

std::vector<StoredRun> RunIndex::runs() const {
  std::vector<StoredRun> runs;
  for (const auto& [directory, entry] : entries_)
    if (entry.run) runs.push_back(*entry.run);
  newestFirst(runs);
  return runs;
}

std::vector<StoredRun> RunIndex::takeRuns() {
  std::vector<StoredRun> runs;
  for (auto& [directory, entry] : entries_)
    if (entry.run) runs.push_back(std::move(*entry.run));
  entries_.clear();
  newestFirst(runs);
  return runs;
}

Problems RunIndex::damaged() const {
  Problems problems;
  for (const auto& [directory, entry] : entries_)
    problems.insert(problems.end(), entry.problems.begin(), entry.problems.end());
  return problems;
}

}  // namespace lab
