#include "dataset_transfers.h"

#include "interrupts.h"

#include "data/image_cache.h"
#include "fetch/install.h"
#include "run_error.h"

#include <fmt/format.h>

#include <chrono>

namespace lab::cli {

namespace {

constexpr double kMegabyte = 1e6;

/// Bytes, rate and time left of one download.
class DownloadProgress {
 public:
  DownloadProgress(std::string_view dataset, int64_t size, Loudness loudness)
      : dataset_(dataset), size_(static_cast<double>(size)), line_(loudness != Loudness::Quiet) {}

  void show(int64_t have) {
    if (first_ < 0) first_ = have, since_ = Clock::now();
    if (!line_.due()) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - since_).count();
    const auto now = static_cast<double>(have);
    const double rate = seconds > 0 ? (now - static_cast<double>(first_)) / seconds : 0;
    line_.update(now / size_, fmt::format("{}  {:.1f} of {:.1f} MB  {:.1f} MB/s  ETA {}", dataset_,
                                          now / kMegabyte, size_ / kMegabyte, rate / kMegabyte,
                                          durationText(rate > 0 ? (size_ - now) / rate : -1)));
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::string_view dataset_;
  double size_;
  ProgressLine line_;
  int64_t first_ = -1;  // bytes that were there before
  Clock::time_point since_;
};

const CatalogueEntry& entryOf(const DatasetInfo& info) {
  if (const CatalogueEntry* entry = findDownload(info.name)) return *entry;
  throw RunError(ExitCode::Data,
                 info.howToGet.empty()
                     ? fmt::format("the data set {} is made, not downloaded", info.name)
                     : fmt::format("the data set {} cannot be downloaded by this program; to get it, {}",
                                   info.name, info.howToGet));
}

bool isElsewhere(const std::filesystem::path& found, const std::filesystem::path& folder) {
  return !found.empty() && !isInstalled(folder);
}

}  // namespace

int downloadDataset(const DatasetInfo& info, const TransferPlace& place, Loudness loudness) {
  const CatalogueEntry entry = mirrored(entryOf(info), place.mirror);
  const auto folder = downloadFolder(info.name, place.root), found = findData(info, place.root);
  const bool quiet = loudness == Loudness::Quiet;
  if (isElsewhere(found, folder)) {
    if (!quiet) say(fmt::format("{} is already there, in {}", info.name, found.string()));
    return 0;
  }
  Interrupts interrupts;
  DownloadProgress progress(info.name, entry.size(), loudness);
  TransferOptions options;
  options.progress = [&](int64_t have) { progress.show(have); };
  options.stop = interrupts.token();
  try {
    install(entry, folder, options);
  } catch (const RunError& error) {
    if (error.code() != ExitCode::Interrupted) throw;
    complain(error.what());
    return interrupts.exitCode();
  }
  if (!quiet) say(fmt::format("{} is in {}", info.name, folder.string()));
  return 0;
}

void removeDataset(const DatasetInfo& info, const TransferPlace& place, Loudness loudness) {
  if (info.format == DataFormat::ImageFolder) {
    const int64_t caches = removeImageCaches(info.name);
    if (loudness != Loudness::Quiet)
      say(fmt::format("{} files of decoded images of {} removed; the images themselves are left alone", caches,
                      info.name));
    return;
  }
  const auto folder = downloadFolder(info.name, place.root);
  const int64_t removed = uninstall(entryOf(info), folder);
  const auto left = findData(info, place.root);
  if (removed == 0 && !left.empty())
    throw RunError(ExitCode::Data, fmt::format("{} in {} was not downloaded by this program and is left alone",
                                               info.name, left.string()));
  if (loudness == Loudness::Quiet) return;
  say(removed == 0 ? fmt::format("{} was not downloaded: there is nothing to remove", info.name)
                   : fmt::format("{} removed from {} ({} files)", info.name, folder.string(), removed));
  if (!left.empty()) say(fmt::format("{} is still in {}, which was not downloaded", info.name, left.string()));
}

}  // namespace lab::cli
