#include "store/mask_history.h"

#include "run_error.h"
#include "store/files.h"
#include "store/history_blocks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

fs::path historyFile(const fs::path& run) { return run / "masks" / "history.bin"; }

namespace {

/// Entries are gathered into blocks of about this many bytes, or a part of a smaller budget.
constexpr double kLeastBlock = 256, kMostBlock = 64 << 10, kBlocksInBudget = 16;

void appendOnes(std::vector<int64_t>& positions, size_t word, uint64_t bits) {
  for (; bits != 0; bits &= bits - 1) positions.push_back(static_cast<int64_t>(word * 64) + __builtin_ctzll(bits));
}

void keepUnset(std::vector<int64_t>& kept, const std::vector<int64_t>& positions, const Mask& mask) {
  kept.clear();
  for (const int64_t position : positions)
    if (!mask.test(position)) kept.push_back(position);
}

/// One layer since the last entry.
class LayerSpan {
 public:
  explicit LayerSpan(const Mask& initial) : before_(initial), active_(initial), seen_(initial.size()) {}
  LayerSpan(const Mask& before, const Mask& active, const Mask& seen)
      : before_(before), active_(active), seen_(seen) {}

  const Mask& before() const { return before_; }
  const Mask& active() const { return active_; }
  const Mask& seen() const { return seen_; }

  void apply(const LayerChange& change) { apply(change.dropped, change.grown, {}); }
  void apply(const HistoryChange& change) { apply(change.off, change.on, change.between); }

  /// The net change since the last entry; the next entry begins.
  void take(HistoryChange& change) {
    change.off.clear(), change.on.clear(), change.between.clear();
    const auto was = before_.words(), is = active_.words(), saw = seen_.words();
    for (size_t w = 0; w < was.size(); ++w) {
      if (saw[w] == 0 && was[w] == is[w]) continue;
      const uint64_t b = was[w], a = is[w];
      appendOnes(change.off, w, b & ~a);
      appendOnes(change.on, w, a & ~b);
      appendOnes(change.between, w, saw[w] & ~b & ~a);
      was[w] = a;
      saw[w] = 0;
    }
  }

  /// apply and take of a single update, without a walk over the layer. Precondition: nothing applied since take.
  void applyAndTake(const LayerChange& update, HistoryChange& change) {
    for (const int64_t position : update.dropped) active_.clear(position);
    for (const int64_t position : update.grown) active_.set(position);
    keepUnset(change.off, update.dropped, active_);  // not regrown at once
    keepUnset(change.on, update.grown, before_);
    for (const int64_t position : change.off) before_.clear(position);
    for (const int64_t position : change.on) before_.set(position);
  }

 private:
  void apply(const std::vector<int64_t>& off, const std::vector<int64_t>& on,
             const std::vector<int64_t>& between) {
    for (const int64_t position : off) active_.clear(position);
    for (const int64_t position : on) {
      active_.set(position);
      seen_.set(position);
    }
    for (const int64_t position : between) seen_.set(position);
  }

  Mask before_, active_;
  Mask seen_;  ///< active after some update since the last entry
};

std::vector<LayerSpan> spansFrom(const std::vector<Mask>& initial) { return {initial.begin(), initial.end()}; }

}  // namespace

struct MaskHistoryWriter::Impl {
  fs::path path;
  Descriptor file;
  double budget;  // bytes
  double size = 0;
  std::vector<LayerSpan> layers;
  HistoryEntry entry;  ///< being made
  int64_t entries = 0;
  int64_t expectedUpdates = 0;
  int64_t stride = 1;   ///< updates an entry
  int64_t waiting = 0;  ///< updates since the last entry
  std::string block;

  void write(std::string_view bytes) {
    file.write(bytes);
    size += static_cast<double>(bytes.size());
  }

  void flushBlock() {
    if (block.empty()) return;
    write(sealBlock(block));
    block.clear();
  }

  void put() {
    appendEntry(block, entry);
    ++entries;
    const double full = std::clamp(budget / kBlocksInBudget, kLeastBlock, kMostBlock);
    if (static_cast<double>(block.size()) >= full) flushBlock();
  }

  void add(const TopologyEvent& event) {
    entry.update = event.update;
    entry.step = event.step;
    if (stride == 1) {
      for (size_t l = 0; l < layers.size(); ++l) layers[l].applyAndTake(event.layers[l], entry.layers[l]);
      return put();
    }
    for (size_t l = 0; l < layers.size(); ++l) layers[l].apply(event.layers[l]);
    if (++waiting == stride) endEntry();
  }

  void endEntry() {
    if (waiting == 0) return;
    waiting = 0;
    for (size_t l = 0; l < layers.size(); ++l) layers[l].take(entry.layers[l]);
    put();
  }

  /// How many neighbouring entries become one when the budget is reached: as many as the rest of the run would
  /// fill it again, so that the file is rewritten seldom.
  int64_t mergeFactor() const {
    const auto share = static_cast<uint64_t>(expectedUpdates / std::max<int64_t>(1, entry.update));
    return static_cast<int64_t>(std::bit_ceil(std::max<uint64_t>(2, share)));
  }

  void keepBudget() {
    while (size > budget && entries > 1) mergeEntries(mergeFactor());
  }

  /// Writes the file again with so many neighbouring entries as one. Precondition: no update is waiting.
  void mergeEntries(int64_t factor) {
    flushBlock();
    const auto content = readWhole(path);
    if (!content) throw RunError(ExitCode::Disk, describe(content.problems()));
    HistoryReader reader(content.value());
    const fs::path beside = path.string() + ".part";
    file = Descriptor(beside, O_WRONLY | O_CREAT | O_TRUNC);
    size = 0;
    entries = 0;
    begin(reader.initial());
    layers = spansFrom(reader.initial());
    while (const auto old = reader.next()) {
      entry.update = old->update;
      entry.step = old->step;
      for (size_t l = 0; l < layers.size(); ++l) layers[l].apply(old->layers[l]);
      if (++waiting == factor) endEntry();
    }
    endEntry();
    flushBlock();
    std::error_code error;
    fs::rename(beside, path, error);
    if (error)
      throw RunError(ExitCode::Disk, fmt::format("cannot replace {}: {}", path.string(), error.message()));
    stride *= factor;
  }

  void begin(const std::vector<Mask>& initial) {
    write(kHistoryMagic);
    appendInitial(block, initial);
    flushBlock();
  }
};

MaskHistoryWriter::MaskHistoryWriter(const fs::path& file, const std::vector<Mask>& initial, double budgetMib,
                                     int64_t expectedUpdates)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = file;
  impl_->file = Descriptor(file, O_WRONLY | O_CREAT | O_EXCL);
  impl_->budget = budgetMib * (1 << 20);
  impl_->expectedUpdates = expectedUpdates;
  impl_->layers = spansFrom(initial);
  impl_->entry.layers.resize(initial.size());
  impl_->begin(initial);
}

MaskHistoryWriter::MaskHistoryWriter(const fs::path& file, const MaskHistoryState& state, double budgetMib,
                                     int64_t expectedUpdates)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = file;
  impl_->file = Descriptor(file, O_WRONLY | O_APPEND);
  if (!hasBytes(file, state.size) || ftruncate(impl_->file.get(), state.size) != 0)
    throw RunError(ExitCode::Disk, fmt::format("{} cannot be cut to {} bytes", file.string(), state.size));
  impl_->budget = budgetMib * (1 << 20);
  impl_->expectedUpdates = expectedUpdates;
  impl_->size = static_cast<double>(state.size);
  impl_->entries = state.entries;
  impl_->stride = state.stride;
  impl_->waiting = state.waiting;
  impl_->entry.update = state.update;
  impl_->entry.step = state.step;
  impl_->entry.layers.resize(state.active.size());
  impl_->block = state.block;
  for (size_t l = 0; l < state.active.size(); ++l)
    impl_->layers.emplace_back(state.before[l], state.active[l], state.seen[l]);
}

MaskHistoryWriter::~MaskHistoryWriter() = default;

MaskHistoryState MaskHistoryWriter::state() const {
  MaskHistoryState state{static_cast<int64_t>(impl_->size),
                         impl_->entries,
                         impl_->stride,
                         impl_->waiting,
                         impl_->entry.update,
                         impl_->entry.step,
                         impl_->block,
                         {},
                         {},
                         {}};
  for (const LayerSpan& layer : impl_->layers) {
    state.before.push_back(layer.before());
    state.active.push_back(layer.active());
    state.seen.push_back(layer.seen());
  }
  return state;
}

std::string MaskHistoryWriter::tail() const {
  std::string records = impl_->block;
  if (impl_->waiting > 0) {
    HistoryEntry unfinished = impl_->entry;
    auto layers = impl_->layers;
    for (size_t l = 0; l < layers.size(); ++l) layers[l].take(unfinished.layers[l]);
    appendEntry(records, unfinished);
  }
  return records.empty() ? std::string() : sealBlock(records);
}

void MaskHistoryWriter::sync() { impl_->file.sync(); }

void MaskHistoryWriter::add(const TopologyEvent& event) {
  impl_->add(event);
  if (impl_->waiting == 0) impl_->keepBudget();
}

void MaskHistoryWriter::finish() {
  impl_->endEntry();
  impl_->flushBlock();
  impl_->keepBudget();
  impl_->block += static_cast<char>(HistoryTag::End);
  impl_->flushBlock();
  impl_->file.sync();
}

MaskHistory::Moment MaskHistory::at(size_t index) const {
  Moment moment{0, 0, initial, initial};
  for (size_t e = 0; e < index; ++e) {
    moment.update = entries[e].update;
    moment.step = entries[e].step;
    for (size_t l = 0; l < initial.size(); ++l) {
      const HistoryChange& change = entries[e].layers[l];
      for (const int64_t position : change.off) moment.active[l].clear(position);
      for (const int64_t position : change.on) {
        moment.active[l].set(position);
        moment.explored[l].set(position);
      }
      for (const int64_t position : change.between) moment.explored[l].set(position);
    }
  }
  return moment;
}

Result<MaskHistory> readMaskHistory(const fs::path& file) {
  const auto content = readWhole(file);
  if (!content) return content.problems();
  try {
    HistoryReader reader(content.value());
    MaskHistory history;
    history.initial = reader.initial();
    while (auto entry = reader.next()) history.entries.push_back(std::move(*entry));
    history.complete = reader.complete();
    return history;
  } catch (const HistoryDamage& damage) {
    return Problem{file.string(), fmt::format("{} is damaged: {}", file.string(), damage.what())};
  }
}

}  // namespace lab
