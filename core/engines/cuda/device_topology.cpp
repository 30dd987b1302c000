#include "engines/cuda/device_topology.h"

#include "random/keyed_permutation.h"

#include <algorithm>
#include <cstring>

namespace lab::cuda {

namespace {

constexpr int64_t kMostPositions = int64_t{1} << 31;  // of a layer: a place in its permutation and one more bit are a key

/// What drop_rules.h exchanges in a layer, its counts alone.
int64_t exchangedCount(const TopologyPlan& plan, int64_t active, int64_t size) {
  const int64_t room = size - active;
  if (room == 0) return 0;  // nothing to explore
  const int64_t k = std::min(dropCount(plan.rules.rounding, plan.pruneRate, active), active);
  return plan.regrowDropped ? k : std::min(k, room);
}

}  // namespace

UpdateTables::UpdateTables(Device& device, size_t count)
    : segments(count), memory(deviceBytes(where(device), static_cast<int64_t>(bytes()))) {
  orders = static_cast<Feistel*>(memory.data_ptr());
  drop = reinterpret_cast<uint32_t*>(orders + segments);
  grow = drop + segments;
}

DeviceTopology::DeviceTopology(Device& device, const Arena& arena, bool denseMomentum)
    : device_(device), arena_(arena), denseMomentum_(denseMomentum),
      tables_(device, arena.plan().segments.size() * static_cast<size_t>(arena.runs())) {
  const int64_t size = arena.blocks() * kBlock, words = size / kWord;
  const auto bytes = [&](int64_t count, size_t each) {
    return deviceBytes(where(device), count * static_cast<int64_t>(each));
  };
  const auto segments = static_cast<int64_t>(tables_.segments);
  keys_ = bytes(size, sizeof(uint32_t));
  histogram_ = bytes(segments * kBins, sizeof(uint32_t));
  picks_ = bytes(segments, sizeof(Pick));
  ties_ = bytes(arena.blocks(), sizeof(uint32_t));
  changes_ = bytes(2 * words, sizeof(uint64_t));
  dropped_ = static_cast<uint64_t*>(changes_.data_ptr());
  grown_ = dropped_ + words;
}

bool DeviceTopology::serves(const TopologyPlan& plan) const {
  const bool small = std::all_of(arena_.plan().segments.begin(), arena_.plan().segments.end(),
                                 [](const Segment& segment) { return segment.size < kMostPositions; });
  return small && plan.rules.drop == DropRule::Magnitude && plan.rules.grow != GrowRule::None &&
         plan.rules.redistribution == Redistribution::None && plan.rules.scope == Scope::Layer && plan.keep.empty() &&
         plan.constraint == GrowthConstraint{} && plan.semantics == Semantics{};
}

void DeviceTopology::fill(const RunUpdate& update, std::byte* staging) const {
  const TopologyPlan& plan = *update.plan;
  auto* orders = reinterpret_cast<Feistel*>(staging);
  auto* drop = reinterpret_cast<uint32_t*>(orders + tables_.segments);
  uint32_t* grow = drop + tables_.segments;
  const size_t first = static_cast<size_t>(update.run) * arena_.plan().segments.size();
  for (size_t l = 0; l < update.activeCounts.size(); ++l) {
    const size_t at = first + static_cast<size_t>(arena_.plan().layers[l].weight);
    const int64_t size = arena_.plan().weight(l).size;
    const RandomKey key{plan.seed, Purpose::Grow, static_cast<uint32_t>(l), static_cast<uint32_t>(plan.update)};
    orders[at] = KeyedPermutation(key, static_cast<uint64_t>(size)).network();
    drop[at] = grow[at] = static_cast<uint32_t>(exchangedCount(plan, update.activeCounts[l], size));
  }
}

void DeviceTopology::update(std::span<const RunUpdate> updates, std::byte* staging) {
  std::memset(staging, 0, tables_.bytes());  // what is not filled exchanges nothing
  for (const RunUpdate& update : updates) fill(update, staging);
  device_.upload(tables_.memory.data_ptr(), staging, tables_.bytes());
  device_.awaitDownloads();

  const UpdateForm form = formOf(*updates.front().plan);
  const auto [found, first] = recorded_.try_emplace(form);
  const auto work = [this, form] {
    const auto [rule, regrow, keep] = form;
    choose(rule, regrow);
    carryOut({arena_.parameters(), dropped_, grown_, arena_.blocks() * kBlock / kWord, keep, denseMomentum_});
  };
  if (first) return work();
  if (found->second == nullptr) found->second = device_.record(work);
  found->second->run();
}

void DeviceTopology::choose(GrowRule rule, bool regrowDropped) {
  const Parameters p = arena_.parameters();
  auto* keys = static_cast<uint32_t*>(keys_.data_ptr());
  device_.launch(DropKeyKernel{p, keys, tables_.drop}, arena_.blocks());
  select(tables_.drop, dropped_);
  device_.launch(GrowKeyKernel{p, keys, tables_.grow, dropped_, tables_.orders, rule, regrowDropped}, arena_.blocks());
  select(tables_.grow, grown_);
}

void DeviceTopology::select(const uint32_t* k, uint64_t* chosen) {
  const Parameters p = arena_.parameters();
  const Selection s{p.segments,
                    p.segmentOf,
                    static_cast<const uint32_t*>(keys_.data_ptr()),
                    static_cast<uint32_t*>(histogram_.data_ptr()),
                    static_cast<Pick*>(picks_.data_ptr()),
                    static_cast<uint32_t*>(ties_.data_ptr()),
                    chosen};
  const int64_t blocks = arena_.blocks(), segments = static_cast<int64_t>(tables_.segments);
  device_.launch(StartPickKernel{s, k}, segments);
  for (int digit = 0; digit < kDigits; ++digit) {
    device_.launch(HistogramKernel{s, digit}, blocks);
    device_.launch(PickKernel{s, digit}, segments);
  }
  device_.launch(CountTiesKernel{s}, blocks);
  device_.launch(ScanTiesKernel{s}, segments);
  device_.launch(ChooseKernel{s}, blocks);
}

void DeviceTopology::carryOut(const ExchangeKernel& exchange) {
  device_.launch(exchange, (exchange.words + ExchangeKernel::kWords - 1) / ExchangeKernel::kWords);
}

void DeviceTopology::follow() {
  device_.awaitDownloads();
  device_.launch(FollowThresholdKernel{arena_.parameters(), dropped_, grown_}, arena_.blocks());
}

void DeviceTopology::exchange(const TopologyEvent& event, std::byte* staging, int64_t run) {
  std::memset(staging, 0, wordBytes());
  auto* words = reinterpret_cast<uint64_t*>(staging);
  const auto set = [&](int64_t position) { words[position / kWord] |= uint64_t{1} << (position % kWord); };
  for (size_t l = 0; l < event.layers.size(); ++l) {
    const int64_t begin = arena_.plan().weight(l).begin, half = arena_.plan().size();
    for (const int64_t i : event.layers[l].dropped) set(begin + i);
    for (const int64_t i : event.layers[l].grown) set(half + begin + i);
  }
  const int64_t own = arena_.plan().words();
  uint64_t *const dropped = dropped_ + run * own, *const grown = grown_ + run * own;
  device_.awaitDownloads();
  device_.upload(dropped, staging, wordBytes() / 2);
  device_.upload(grown, staging + wordBytes() / 2, wordBytes() / 2);
  carryOut({arena_.parameters(run), dropped, grown, own, false, denseMomentum_});
}

void DeviceTopology::download(std::byte* to, int64_t run) {
  const int64_t own = arena_.plan().words();
  device_.download(to, dropped_ + run * own, wordBytes() / 2);
  device_.download(to + wordBytes() / 2, grown_ + run * own, wordBytes() / 2);
}

std::vector<LayerChange> DeviceTopology::read(const std::byte* from) const {
  const auto* words = reinterpret_cast<const uint64_t*>(from);
  const auto positions = [](const uint64_t* first, const Segment& segment) {
    std::vector<int64_t> found;
    for (int64_t w = 0; w * kWord < segment.size; ++w)
      for (uint64_t bits = first[segment.begin / kWord + w]; bits != 0; bits &= bits - 1)
        found.push_back(w * kWord + lowestBit(bits));
    return found;
  };
  std::vector<LayerChange> changes;
  for (size_t l = 0; l < arena_.plan().layers.size(); ++l)
    changes.push_back({positions(words, arena_.plan().weight(l)),
                       positions(words + arena_.plan().words(), arena_.plan().weight(l))});
  return changes;
}

}  // namespace lab::cuda
