#include "store/run_directory.h"

#include "network/models.h"
#include "network/network_toml.h"
#include "parameters/config_builder.h"
#include "store/paths.h"
#include "store/run_lock.h"
#include "topology/methods.h"
#include "run_error.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <random>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

std::string runName(const Config& config, uint32_t suffix) {
  const Method* method = findMethod(config.method);
  const bool sparse = method == nullptr || method->sparse;
  return fmt::format("{:%Y%m%d-%H%M}-{}-{}{}-{:04x}", fmt::localtime(std::time(nullptr)), modelLabel(config.model),
                     config.method, sparse ? fmt::format("-s{:g}", config.sparsity * 100) : "", suffix & 0xffff);
}

constexpr const char* kNetworkCopy = "network.toml";

std::string networkFile(const Config& config) {
  auto text = readWhole(config.model);
  if (!text) throw RunError(ExitCode::Data, describe(text.problems()));
  return text.take();
}

/// A hidden folder that becomes the run directory, or goes.
class Scaffold {
 public:
  explicit Scaffold(fs::path path) : path_(std::move(path)) {
    if (!fs::create_directory(path_))
      throw fs::filesystem_error("exists", path_, std::make_error_code(std::errc::file_exists));
  }
  Scaffold(const Scaffold&) = delete;
  Scaffold& operator=(const Scaffold&) = delete;
  ~Scaffold() {
    std::error_code ignored;
    if (!done_) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  /// False: another run has this name.
  bool becomes(const fs::path& name) {
    std::error_code error;
    fs::rename(path_, name, error);  // fails on a folder that is not empty, and a run directory never is
    done_ = !error;
    if (error && error != std::errc::directory_not_empty && error != std::errc::file_exists)
      throw fs::filesystem_error("rename", path_, name, error);
    return done_;
  }

 private:
  fs::path path_;
  bool done_ = false;
};

}  // namespace

std::string timeStamp() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(milliseconds / 1000)),
                     milliseconds % 1000);
}

Problems changedNetwork(const fs::path& directory, const Config& config) {
  if (!isNetworkFile(config.model)) return {};
  const auto kept = readWhole(directory / kNetworkCopy), now = readWhole(config.model);
  if (!kept) return kept.problems();
  if (!now) return now.problems();
  if (kept.value() == now.value()) return {};
  return {{"model", fmt::format("{} has changed since the run began; it began with {}", config.model,
                                (directory / kNetworkCopy).string())}};
}

RunDirectory makeRunDirectory(const fs::path& home, const Config& config, const RunState& state) {
  const fs::path runs = runsFolder(home);
  if (const Problems problems = makeWritableFolder(runs); !problems.empty())
    throw RunError(ExitCode::Disk, describe(problems));
  std::random_device random;
  try {
    Scaffold scaffold(runs / fmt::format(".{:08x}{:08x}.new", random(), random()));
    RunDirectory run;
    run.lock = lockRun(scaffold.path());
    writeNew(scaffold.path() / "config.toml", toToml(config));
    writeNew(scaffold.path() / "state.json", stateJson(state));
    if (isNetworkFile(config.model)) writeNew(scaffold.path() / kNetworkCopy, networkFile(config));
    do run.path = runs / runName(config, random());
    while (!scaffold.becomes(run.path));
    return run;
  } catch (const fs::filesystem_error& error) {
    throw RunError(ExitCode::Disk,
                   fmt::format("cannot create a run directory in {}: {}", runs.string(), error.code().message()));
  }
}

}  // namespace lab
