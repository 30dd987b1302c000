#include "store/mask_history.h"

#include "store/files.h"
#include "store/history_blocks.h"
#include "training/run_error.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

/// Entries are gathered into blocks of about this many bytes.
constexpr size_t kBlockBytes = 64 << 10;

using Positions = std::vector<int64_t>;

Positions without(const Positions& a, const Positions& b) {
  Positions result;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

Positions both(const Positions& a, const Positions& b) {
  Positions result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

Positions either(const Positions& a, const Positions& b) {
  Positions result;
  result.reserve(a.size() + b.size());
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

HistoryEntry merged(const HistoryEntry& first, const HistoryEntry& second) {
  HistoryEntry entry{second.update, second.step, {}};
  for (size_t l = 0; l < first.layers.size(); ++l)
    entry.layers.push_back(merged(first.layers[l], second.layers[l]));
  return entry;
}

void appendOnes(Positions& positions, size_t word, uint64_t bits) {
  for (; bits != 0; bits &= bits - 1) positions.push_back(static_cast<int64_t>(word * 64) + __builtin_ctzll(bits));
}

/// One layer since the last entry.
struct LayerSpan {
  Mask before, active;
  Mask seen;  ///< active after some update since `before`

  explicit LayerSpan(const Mask& initial) : before(initial), active(initial), seen(initial.size()) {}

  void apply(const LayerChange& change) {
    for (const int64_t position : change.dropped) active.clear(position);
    for (const int64_t position : change.grown) {
      active.set(position);
      seen.set(position);
    }
  }

  HistoryChange take() {
    HistoryChange change;
    const auto was = before.words(), is = active.words(), saw = seen.words();
    for (size_t w = 0; w < was.size(); ++w) {
      const uint64_t b = was[w], a = is[w];
      if (b != a) {
        appendOnes(change.off, w, b & ~a);
        appendOnes(change.on, w, a & ~b);
        was[w] = a;
      }
      if (saw[w] != 0) {
        appendOnes(change.between, w, saw[w] & ~b & ~a);
        saw[w] = 0;
      }
    }
    return change;
  }
};

}  // namespace

HistoryChange merged(const HistoryChange& first, const HistoryChange& second) {
  HistoryChange change;
  change.off = either(without(first.off, second.on), without(second.off, first.on));
  change.on = either(without(first.on, second.off), without(second.on, first.off));
  change.between = either(either(without(first.between, second.on), without(second.between, first.off)),
                          both(first.on, second.off));
  return change;
}

struct MaskHistoryWriter::Impl {
  fs::path path;
  Descriptor file;
  double budget;  // bytes
  double size = 0;
  std::vector<LayerSpan> layers;
  int64_t stride = 1;   ///< updates an entry
  int64_t waiting = 0;  ///< updates since the last entry
  int64_t update = 0, step = 0;
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

  void put(const HistoryEntry& entry) {
    appendEntry(block, entry);
    if (block.size() >= kBlockBytes) flushBlock();
  }

  void endEntry() {
    if (waiting == 0) return;
    waiting = 0;
    HistoryEntry entry{update, step, {}};
    for (LayerSpan& layer : layers) entry.layers.push_back(layer.take());
    put(entry);
  }

  /// Writes the file again with every two neighbouring entries as one.
  void mergePairs() {
    flushBlock();
    const auto content = readWhole(path);
    if (!content) throw RunError(ExitCode::Disk, describe(content.problems()));
    HistoryReader reader(content.value());
    const fs::path beside = path.string() + ".part";
    file = Descriptor(beside, O_WRONLY | O_CREAT | O_TRUNC);
    size = 0;
    begin(reader.initial());
    while (auto first = reader.next()) {
      const auto second = reader.next();
      put(second ? merged(*first, *second) : *first);
    }
    flushBlock();
    std::error_code error;
    fs::rename(beside, path, error);
    if (error)
      throw RunError(ExitCode::Disk, fmt::format("cannot replace {}: {}", path.string(), error.message()));
    stride *= 2;
  }

  void begin(const std::vector<Mask>& initial) {
    write(kHistoryMagic);
    appendInitial(block, initial);
    flushBlock();
  }
};

MaskHistoryWriter::MaskHistoryWriter(const fs::path& file, const std::vector<Mask>& initial, double budgetMib)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = file;
  impl_->file = Descriptor(file, O_WRONLY | O_CREAT | O_EXCL);
  impl_->budget = budgetMib * (1 << 20);
  for (const Mask& mask : initial) impl_->layers.emplace_back(mask);
  impl_->begin(initial);
}

MaskHistoryWriter::~MaskHistoryWriter() = default;

void MaskHistoryWriter::add(const TopologyEvent& event) {
  for (size_t l = 0; l < impl_->layers.size(); ++l) impl_->layers[l].apply(event.layers[l]);
  impl_->update = event.update;
  impl_->step = event.step;
  if (++impl_->waiting < impl_->stride) return;
  impl_->endEntry();
  if (impl_->size > impl_->budget) impl_->mergePairs();
}

void MaskHistoryWriter::finish() {
  impl_->endEntry();
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
