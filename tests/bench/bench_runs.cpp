// Listing recorded runs: the first look at a home, and another one when nothing has changed.
#include "benchmarks.h"
#include "engines/sparse/sparse_engine.h"
#include "store/run_filter.h"
#include "store/run_index.h"
#include "store/run_writer.h"
#include "training/trainer.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace lab::bench {

namespace {

namespace fs = std::filesystem;

/// A folder that goes with its content.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "lab_bench_runs.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

template <class Work>
double seconds(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// One short real run.
fs::path recordOne(const fs::path& home) {
  Config config;
  config.sparsity = 0.98;
  config.batch_size = 100;
  config.epochs = 1;
  EngineRegistry engines;
  engines.add(sparseEngine());
  const auto writer = RunWriter::create(config, {home, "lab_bench", "bench"});
  if (!writer) throw std::runtime_error(describe(writer.problems()));
  RunCommands commands;
  trainRun(config, syntheticDataset({1, 28, 28}, 10, 1000, 100, 100, 1), engines, *writer.value(), commands);
  return writer.value()->directory();
}

/// Copies what a listing reads.
void copyRun(const fs::path& run, const fs::path& to) {
  fs::create_directory(to);
  for (const char* file : {"config.toml", "state.json", "metrics.csv", "lock"})
    fs::copy_file(run / file, to / file);
}

void measure(int count) {
  const Folder home;
  const fs::path run = recordOne(home.path());
  for (int i = 1; i < count; ++i) copyRun(run, run.parent_path() / fmt::format("20261123-1907-copy-{:05}", i));
  RunIndex index(home.path());
  const double first = seconds([&] { index.refresh(); });
  const double again = seconds([&] { index.refresh(); });
  const RunFilter filter = RunFilter::parse("method:set sparsity>=0.98 accuracy<101%").take();
  size_t fitting = 0;
  const double filtered = seconds([&] {
    for (const StoredRun& stored : index.runs()) fitting += filter.fits(stored);
  });
  if (fitting != static_cast<size_t>(count)) throw std::runtime_error("runs are missing");
  fmt::print("{:>8} {:>14.3f} {:>18.3f} {:>16.3f}\n", count, first, again, filtered);
}

}  // namespace

void benchRuns() {
  fmt::print("{:>8} {:>14} {:>18} {:>16}\n", "runs", "first look, s", "nothing new, s", "copy, filter, s");
  for (const int count : {1000, 10000}) measure(count);
  fmt::print("targets: 1,000 runs in under 1 s, 10,000 in under 10 s; files in the page cache\n");
}

}  // namespace lab::bench
