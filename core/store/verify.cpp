#include "store/verify.h"

#include "store/checksums.h"
#include "store/mask_history.h"
#include "store/run_reader.h"

#include <fmt/format.h>

#include <map>

namespace lab {

namespace fs = std::filesystem;

namespace {

/// The masks of one moment after another, with their counts.
class Replay {
 public:
  explicit Replay(const MaskHistory& history) : active_(history.initial), explored_(history.initial) {}

  /// What is wrong with an entry; empty when it fits the masks before it.
  std::string apply(const HistoryEntry& entry) {
    for (size_t l = 0; l < active_.size(); ++l) {
      const HistoryChange& change = entry.layers[l];
      for (const int64_t position : change.off)
        if (!active_[l].test(position))
          return fmt::format("update {} drops a connection that is not there: layer {}, position {}", entry.update,
                             l + 1, position);
      for (const int64_t position : change.on)
        if (active_[l].test(position))
          return fmt::format("update {} grows a connection that is there: layer {}, position {}", entry.update,
                             l + 1, position);
      for (const int64_t position : change.off) active_[l].clear(position);
      for (const int64_t position : change.on) {
        active_[l].set(position);
        explored_[l].set(position);
      }
      for (const int64_t position : change.between) explored_[l].set(position);
    }
    return {};
  }
  int64_t active(size_t l) const { return active_[l].count(); }
  int64_t explored(size_t l) const { return explored_[l].count(); }
  int64_t weights(size_t l) const { return active_[l].size(); }
  size_t layers() const { return active_.size(); }

 private:
  std::vector<Mask> active_, explored_;
};

class Check {
 public:
  Check(const StoredRun& run, const RunStart& start, const std::vector<LayerRow>& rows) : run_(run) {
    for (size_t l = 0; l < start.layers.size(); ++l) layer_[start.layers[l].name] = l;
    for (const LayerRow& row : rows) rowsOfUpdate_[row.update].push_back(row);
  }

  Result<Verification> carryOut(const MaskHistory& history) {
    if (!history.complete) wrong("masks/history.bin ends before the run did");
    Replay replay(history);
    compareRows(replay, 0);
    for (const HistoryEntry& entry : history.entries) {
      if (const std::string what = replay.apply(entry); !what.empty()) {
        wrong("masks/history.bin: " + what);
        return problems_;
      }
      ++done_.moments;
      lastUpdate_ = entry.update;
      compareRows(replay, entry.update);
    }
    compareResult(replay);
    if (!problems_.empty()) return problems_;
    return done_;
  }

 private:
  void wrong(const std::string& what) {
    problems_.push_back({run_.id, fmt::format("{}: {}", run_.directory.string(), what)});
  }

  template <class T>
  void compare(const std::string& what, T recorded, T replayed) {
    if (recorded != replayed)
      wrong(fmt::format("{} is recorded as {}, but the masks give {}", what, recorded, replayed));
  }

  /// layers.csv at an update that the history keeps by itself.
  void compareRows(const Replay& replay, int64_t update) {
    for (const LayerRow& row : rowsOfUpdate_[update]) {
      const auto layer = layer_.find(row.layer);
      if (layer == layer_.end()) {
        wrong(fmt::format("layers.csv names a layer {} that the network has not", row.layer));
        continue;
      }
      const size_t l = layer->second;
      const std::string where = fmt::format("layers.csv, update {}, layer {}", update, row.layer);
      compare(where + ": active", row.exploration.active, replay.active(l));
      compare(where + ": explored", row.exploration.explored, replay.explored(l));
      compare(where + ": r_s", row.rs, share(replay.explored(l), replay.weights(l)));
      ++done_.rows;
    }
  }

  void compareResult(const Replay& replay) {
    const RunResult& result = run_.result;
    if (result.layers.size() != replay.layers()) return wrong("state.json has another number of layers");
    int64_t active = 0;
    for (size_t l = 0; l < replay.layers(); ++l) {
      const std::string where = fmt::format("state.json, layer {}", result.layerInfo[l].name);
      compare(where + ": active", result.layers[l].active, replay.active(l));
      compare(where + ": explored", result.layers[l].explored, replay.explored(l));
      active += replay.active(l);
      done_.explored += replay.explored(l);
      done_.weights += replay.weights(l);
    }
    compare("state.json: topology_updates", result.topologyUpdates, lastUpdate_);
    compare("state.json: active_weights", result.activeWeights, active);
    compare("state.json: r_s", result.rs, share(done_.explored, done_.weights));
  }

  static double share(int64_t part, int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  }

  const StoredRun& run_;
  std::map<std::string, size_t> layer_;
  std::map<int64_t, std::vector<LayerRow>> rowsOfUpdate_;
  int64_t lastUpdate_ = 0;
  Verification done_;
  Problems problems_;
};

}  // namespace

Result<Verification> verifyRun(const fs::path& directory) {
  const auto run = readRun(directory);
  if (!run) {
    Problems problems = run.problems();
    std::error_code ignored;
    if (!fs::exists(directory / "config.toml", ignored)) return problems;
    // It is a run, and a file of it was changed: which one?
    if (const auto files = checkChecksums(directory); !files) append(problems, files.problems());
    return problems;
  }
  if (run.value().status == StoredStatus::Running || run.value().status == StoredStatus::Crashed)
    return Problem{run.value().id, fmt::format("the run {} has not ended ({}): there is no result to verify",
                                               run.value().id, name(run.value().status))};
  Problems problems;
  const auto files = checkChecksums(directory);
  if (!files) append(problems, files.problems());
  const auto start = readStart(directory);
  const auto rows = readLayers(directory);
  const auto history = readMaskHistory(historyFile(directory));
  if (!start) append(problems, start.problems());
  if (!rows) append(problems, rows.problems());
  if (!start || !rows || !history) return problems;  // readStart has named what is wrong with the history
  auto replayed = Check(run.value(), start.value(), rows.value()).carryOut(history.value());
  if (!replayed) append(problems, replayed.problems());
  if (!problems.empty()) return problems;
  replayed.value().files = files.value().size();
  return replayed;
}

}  // namespace lab
