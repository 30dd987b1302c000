#include "experiments/packed_cells.h"

#include "network/models.h"

#include <algorithm>
#include <mutex>

namespace lab {

namespace {

/// Cells that pack with each other, as far as their number goes.
struct Packable {
  const EngineInfo* engine;
  NetworkSpec network;
  std::string data;
  std::vector<size_t> cells;
};

/// The engine that a cell's run will choose, if it can pack.
const EngineInfo* packingEngine(const EngineRegistry& engines, const NetworkSpec& network, const Config& config) {
  const auto choice = engines.choose(network, config);
  return choice && choice.value().engine->makeMany ? choice.value().engine : nullptr;
}

bool joins(const Packable& group, const Packable& cell, const std::vector<Cell>& cells) {
  return group.engine == cell.engine && group.data == cell.data && group.network == cell.network &&
         group.engine
             ->packingRefusal(group.network, cells[group.cells.front()].config, cells[cell.cells.front()].config)
             .empty();
}

/// As few parts of kMostPacked at most as there can be, of about the same size.
void split(const std::vector<size_t>& cells, std::vector<std::vector<size_t>>& parts) {
  const size_t count = (cells.size() + kMostPacked - 1) / kMostPacked;
  for (size_t part = 0; part < count; ++part) {
    const auto at = [&](size_t i) { return cells.begin() + static_cast<std::ptrdiff_t>(i * cells.size() / count); };
    parts.emplace_back(at(part), at(part + 1));
  }
}

}  // namespace

std::vector<std::vector<size_t>> groupCells(const std::vector<Cell>& cells, const std::vector<size_t>& order,
                                            const EngineRegistry& engines, const CellData& data) {
  std::vector<Packable> packable;
  std::vector<std::vector<size_t>> groups;
  for (const size_t i : order) {
    const Config& config = cells[i].config;
    const auto images = data(i);
    const auto network = images ? makeNetwork(config, images->shape, images->classes) : Problem{"data", "none"};
    const EngineInfo* engine = network ? packingEngine(engines, network.value(), config) : nullptr;
    if (engine == nullptr) {
      groups.push_back({i});
      continue;
    }
    Packable cell{engine, network.value(), dataKey(config), {i}};
    const auto found = std::ranges::find_if(packable, [&](const Packable& group) { return joins(group, cell, cells); });
    if (found == packable.end())
      packable.push_back(std::move(cell));
    else
      found->cells.push_back(i);
  }
  for (const Packable& group : packable) split(group.cells, groups);
  std::vector<size_t> place(cells.size());
  for (size_t p = 0; p < order.size(); ++p) place[order[p]] = p;
  std::ranges::sort(groups, {}, [&](const std::vector<size_t>& group) { return place[group.front()]; });
  return groups;
}

EngineSetup setupOf(const Config& config, std::shared_ptr<const Dataset> data) {
  auto network = makeNetwork(config, data->shape, data->classes);
  return {network.take(), config, std::move(data)};
}

class PackedCells::Group {
 public:
  Group(EngineInfo info, std::vector<EngineSetup> setups)
      : info_(std::move(info)), setups_(std::move(setups)), released_(setups_.size()) {}

  std::unique_ptr<Engine> take(size_t member, const EngineSetup& setup) {
    std::unique_lock lock(mutex_);
    if (released_[member] || !asPlanned(setups_[member].config, setup.config)) {
      lock.unlock();
      release(member);
      return info_.make(setup);
    }
    if (!made_) make();
    released_[member] = true;
    return std::move(engines_[member]);
  }

  void release(size_t member) {
    std::unique_ptr<Engine> unused;
    const std::lock_guard lock(mutex_);
    released_[member] = true;
    if (made_) unused = std::move(engines_[member]);
  }

 private:
  /// A run that goes on may have been given other values under way.
  static bool asPlanned(Config planned, const Config& config) {
    planned.threads = config.threads;
    return planned == config;
  }

  void make() {
    engines_ = info_.makeMany(setups_);
    made_ = true;
    for (size_t member = 0; member < engines_.size(); ++member)
      if (released_[member]) engines_[member].reset();
  }

  EngineInfo info_;
  std::vector<EngineSetup> setups_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<bool> released_;  ///< taken, or not wanted
  bool made_ = false;
};

PackedCells::PackedCells(const EngineRegistry& engines, std::vector<EngineSetup> setups)
    : engines_(engines), size_(setups.size()) {
  const EngineInfo& info = *packingEngine(engines, setups[0].network, setups[0].config);
  engine_ = info.name;
  group_ = std::make_shared<Group>(info, std::move(setups));
}

EngineRegistry PackedCells::enginesOf(size_t member) const {
  EngineRegistry own;
  own.setScorer(engines_.scorer());
  for (const EngineInfo& info : engines_.all()) {
    EngineInfo wrapped = info;
    if (info.name == engine_) {
      // On a GPU the size of the group decides how products are rounded: it belongs into the record.
      wrapped.detail += (info.detail.empty() ? "" : ", ") + std::to_string(size_) + " runs packed";
      wrapped.make = [group = group_, member](const EngineSetup& setup) { return group->take(member, setup); };
    } else {
      wrapped.make = [group = group_, member, make = info.make](const EngineSetup& setup) {
        group->release(member);
        return make(setup);
      };
    }
    own.add(std::move(wrapped));
  }
  return own;
}

void PackedCells::release(size_t member) { group_->release(member); }

}  // namespace lab
