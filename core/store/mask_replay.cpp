#include "store/mask_replay.h"

#include "exploration/survival.h"
#include "store/files.h"
#include "store/history_blocks.h"
#include "store/history_merge.h"
#include "store/life_counts.h"
#include "store/replay_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace lab {

namespace {

constexpr size_t kMostKeyframes = 24;
constexpr size_t kLeastSpacing = size_t{1} << 17;  ///< changes between keyframes: about a millisecond of them

std::vector<uint32_t> narrowed(const std::vector<int64_t>& positions) {
  return {positions.begin(), positions.end()};
}

std::vector<int64_t> widened(const std::vector<uint32_t>& positions) {
  return {positions.begin(), positions.end()};
}

void require(bool holds, const HistoryEntry& entry, const char* what) {
  if (!holds) throw std::invalid_argument(fmt::format("update {} {}", entry.update, what));
}

bool has(const std::vector<uint32_t>& positions, int64_t position) {
  return std::ranges::binary_search(positions, static_cast<uint32_t>(position));
}

size_t distance(size_t a, size_t b) { return a > b ? a - b : b - a; }

}  // namespace

struct MaskReplay::Impl {
  struct Entry {
    int64_t update = 0;
    std::vector<LayerStep> layers;
    std::vector<LayerExploration> exploration;  ///< after it
    size_t changes = 0;                         ///< of all entries until this one
  };
  struct Cursor {
    size_t moment = 0;
    std::vector<LayerMoment> layers;
  };

  std::vector<Mask> initial;
  int64_t reliableSteps;
  size_t budget;
  std::vector<Entry> entries;  ///< [0] is the start and changes nothing
  std::vector<int64_t> stepOf{0};
  std::vector<LifeCounts> counts;
  Cursor last, shown;  ///< at the last moment; at the one asked for last
  std::vector<Keyframe> keyframes;
  size_t spacing = kLeastSpacing, sinceKeyframe = 0;
  size_t bytes = 0;
  size_t stride = 1, waiting = 0;  ///< entries appended to become one, and how many of them are there
  HistoryEntry pending;

  Impl(std::vector<Mask> masks, int64_t steps, size_t most)
      : initial(std::move(masks)), reliableSteps(steps), budget(most) {
    begin();
  }

  void begin() {
    entries.assign(1, {});
    stepOf.assign(1, 0);
    counts.clear();
    keyframes.clear();
    last = {};
    bytes = sinceKeyframe = 0;
    for (const Mask& mask : initial) {
      last.layers.push_back({mask, mask, std::vector<uint32_t>(static_cast<size_t>(mask.size()))});
      entries[0].exploration.push_back(counts.emplace_back(mask).initially(reliableSteps));
    }
    shown = {};
  }

  /// What an entry does to a layer as it is at the end.
  LayerStep stepOfChange(const HistoryEntry& entry, size_t l) const {
    const HistoryChange& change = entry.layers[l];
    const LayerMoment& layer = last.layers[l];
    LayerStep step{narrowed(change.on), narrowed(change.off), narrowed(change.between), {}, {}};
    for (const uint32_t position : step.off) {
      require(layer.active.test(position), entry, "drops a connection that is not there");
      step.bornOff.push_back(layer.born[position]);
    }
    for (const auto* grown : {&step.on, &step.between})
      for (const uint32_t position : *grown) {
        require(!layer.active.test(position), entry, "grows a connection that is there");
        if (!layer.explored.test(position)) step.fresh.push_back(position);
      }
    std::ranges::sort(step.fresh);
    return step;
  }

  void add(const HistoryEntry& entry) {
    require(entry.layers.size() == initial.size(), entry, "changes another number of layers");
    require(entry.step >= stepOf.back() && entry.update > entries.back().update, entry, "comes out of order");
    const auto moment = static_cast<uint32_t>(entries.size());
    Entry added{entry.update, {}, {}, entries.back().changes};
    for (size_t l = 0; l < initial.size(); ++l) added.layers.push_back(stepOfChange(entry, l));
    stepOf.push_back(entry.step);
    for (size_t l = 0; l < initial.size(); ++l) {
      const LayerStep& step = added.layers[l];
      stepForward(last.layers[l], step, moment);
      added.exploration.push_back(counts[l].after(step, moment, stepOf, reliableSteps));
      added.changes += step.changes();
      bytes += step.bytes();
    }
    bytes += sizeof(Entry) + initial.size() * (sizeof(LayerStep) + sizeof(LayerExploration));
    sinceKeyframe += added.changes - entries.back().changes;
    entries.push_back(std::move(added));
    last.moment = moment;
    keepKeyframes();
  }

  void keepKeyframes() {
    size_t weights = 0;
    for (const Mask& mask : initial) weights += static_cast<size_t>(mask.size());
    if (sinceKeyframe < std::max(spacing, weights / 16)) return;
    keyframes.emplace_back(last.moment, last.layers);
    sinceKeyframe = 0;
    size_t held = 0;
    for (const Keyframe& frame : keyframes) held += frame.bytes();
    if (keyframes.size() <= kMostKeyframes && held <= budget / 2) return;
    size_t place = 0;
    std::erase_if(keyframes, [&](const Keyframe&) { return place++ % 2 == 0; });
    spacing = 2 * std::max(spacing, weights / 16);
  }

  void append(const HistoryEntry& entry) {
    if (stride == 1) {
      add(entry);
    } else {
      if (waiting++ == 0)
        pending = entry;
      else
        mergeInto(pending, entry);
      if (waiting == stride) add(pending), waiting = 0;
    }
    if (bytes > budget && waiting == 0 && entries.size() > 2) halve();
  }

  /// Neighbouring entries become one.
  void halve() {
    const auto old = std::move(entries);
    const auto oldSteps = stepOf;
    begin();
    const auto entryAt = [&](size_t moment) {
      HistoryEntry entry{old[moment].update, oldSteps[moment], {}};
      for (const LayerStep& step : old[moment].layers)
        entry.layers.push_back({widened(step.off), widened(step.on), widened(step.between)});
      return entry;
    };
    for (size_t moment = 1; moment < old.size(); moment += 2) {
      HistoryEntry entry = entryAt(moment);
      if (moment + 1 < old.size()) mergeInto(entry, entryAt(moment + 1));
      for (size_t l = 0; l < initial.size(); ++l)
        std::erase_if(entry.layers[l].between, [&](int64_t i) { return last.layers[l].explored.test(i); });
      add(entry);
    }
    stride *= 2;
  }

  size_t changesBetween(size_t a, size_t b) const { return distance(entries[a].changes, entries[b].changes); }

  /// The nearer one of: where it was, a keyframe, the end.
  void moveTo(size_t moment) {
    if (shown.layers.empty()) shown = last;
    const Keyframe* from = nullptr;
    size_t cost = changesBetween(shown.moment, moment);
    for (const Keyframe& frame : keyframes)
      if (const size_t way = changesBetween(frame.moment(), moment) + frame.bytes() / 8; way < cost)
        cost = way, from = &frame;
    if (from != nullptr) {
      from->restore(shown.layers);
      shown.moment = from->moment();
    }
    for (; shown.moment < moment; ++shown.moment)
      for (size_t l = 0; l < initial.size(); ++l)
        stepForward(shown.layers[l], entries[shown.moment + 1].layers[l], static_cast<uint32_t>(shown.moment + 1));
    for (; shown.moment > moment; --shown.moment)
      for (size_t l = 0; l < initial.size(); ++l) stepBack(shown.layers[l], entries[shown.moment].layers[l]);
  }
};

MaskReplay::MaskReplay(std::vector<Mask> initial, int64_t reliableSteps, size_t budget)
    : impl_(std::make_unique<Impl>(std::move(initial), reliableSteps, budget)) {}
MaskReplay::MaskReplay(MaskReplay&&) noexcept = default;
MaskReplay& MaskReplay::operator=(MaskReplay&&) noexcept = default;
MaskReplay::~MaskReplay() = default;

void MaskReplay::append(const HistoryEntry& entry) { impl_->append(entry); }
void MaskReplay::append(const TopologyEvent& event) { impl_->append(entryOf(event)); }

size_t MaskReplay::moments() const { return impl_->entries.size(); }
size_t MaskReplay::layerCount() const { return impl_->initial.size(); }
int64_t MaskReplay::reliableSteps() const { return impl_->reliableSteps; }
int64_t MaskReplay::step(size_t moment) const { return impl_->stepOf[moment]; }
int64_t MaskReplay::update(size_t moment) const { return impl_->entries[moment].update; }

size_t MaskReplay::momentAt(int64_t step) const {
  const auto after = std::ranges::upper_bound(impl_->stepOf, step);
  return after == impl_->stepOf.begin() ? 0 : static_cast<size_t>(after - impl_->stepOf.begin()) - 1;
}

int64_t MaskReplay::lastUpdate() const {
  return impl_->waiting > 0 ? impl_->pending.update : impl_->entries.back().update;
}

const LayerExploration& MaskReplay::exploration(size_t moment, size_t layer) const {
  return impl_->entries[moment].exploration[layer];
}

LayerExploration MaskReplay::explorationAt(int64_t step, size_t layer) const {
  return impl_->counts[layer].at(step, impl_->stepOf, impl_->reliableSteps);
}

std::shared_ptr<const MaskSnapshot> MaskReplay::at(size_t moment) {
  if (moment >= moments()) throw std::out_of_range("the replay has no such moment");
  impl_->moveTo(moment);
  auto snapshot = std::make_shared<MaskSnapshot>();
  snapshot->update = update(moment);
  snapshot->step = step(moment);
  snapshot->layers = impl_->entries[moment].exploration;
  for (const LayerMoment& layer : impl_->shown.layers) {
    snapshot->active.push_back(layer.active);
    snapshot->explored.push_back(layer.explored);
    auto& since = snapshot->aliveSince.emplace_back();
    since.reserve(static_cast<size_t>(layer.active.count()));
    forEachOne(layer.active,
               [&](int64_t i) { since.push_back(impl_->stepOf[layer.born[static_cast<size_t>(i)]]); });
  }
  return snapshot;
}

const Mask& MaskReplay::explored(size_t layer) const { return impl_->last.layers[layer].explored; }

std::vector<ConnectionLife> MaskReplay::lives(size_t layer, int64_t position, size_t moment) const {
  std::vector<ConnectionLife> lives;
  bool active = impl_->initial[layer].test(position);
  if (active) lives.push_back({});
  for (size_t m = 1; m <= moment; ++m) {
    const LayerStep& change = impl_->entries[m].layers[layer];
    if (active) {
      if (!has(change.off, position)) continue;
      lives.back().end = step(m);
      active = false;
    } else if (has(change.on, position)) {
      lives.push_back({step(m), {}});
      active = true;
    } else if (has(change.between, position)) {
      lives.push_back({step(m - 1), step(m)});  // somewhere in between
    }
  }
  return lives;
}

std::vector<SurvivalPoint> MaskReplay::survival(size_t moment, std::optional<size_t> layer, int64_t now) {
  impl_->moveTo(moment);
  now = std::max(now, step(moment));
  std::vector<int64_t> ended(static_cast<size_t>(now) + 1), censored = ended;
  const size_t first = layer.value_or(0), end = layer ? first + 1 : layerCount();
  for (size_t l = first; l < end; ++l) {
    for (size_t m = 1; m <= moment; ++m)
      for (const uint32_t born : impl_->entries[m].layers[l].bornOff)
        if (born != 0) ++ended[static_cast<size_t>(step(m) - step(born))];
    const LayerMoment& shown = impl_->shown.layers[l];
    forEachOne(shown.active, [&](int64_t i) {
      const uint32_t born = shown.born[static_cast<size_t>(i)];
      if (born != 0) ++censored[static_cast<size_t>(now - step(born))];
    });
  }
  return kaplanMeier(ended, censored);
}

Result<MaskReplay> readMaskReplay(const std::filesystem::path& file, int64_t reliableSteps, size_t budget,
                                  std::string_view tail) {
  auto content = readWhole(file);
  if (!content) return content.problems();
  content.value() += tail;
  try {
    HistoryReader reader(content.value());
    MaskReplay replay(reader.initial(), reliableSteps, budget);
    while (const auto entry = reader.next()) replay.append(*entry);
    return replay;
  } catch (const std::runtime_error& damage) {
    return Problem{file.string(), fmt::format("{} is damaged: {}", file.string(), damage.what())};
  } catch (const std::invalid_argument& misfit) {
    return Problem{file.string(), fmt::format("{} is damaged: {}", file.string(), misfit.what())};
  }
}

}  // namespace lab
