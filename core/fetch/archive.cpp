#include "fetch/archive.h"

#include "data/digest.h"
#include "fetch/archive_reader.h"
#include "store/files.h"
#include "run_error.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

namespace lab {

namespace fs = std::filesystem;

namespace {

void makeFolders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw RunError(ExitCode::Disk, fmt::format("cannot create {}: {}", path.string(), error.message()));
}

/// Removes what is not finished.
class Unfinished {
 public:
  explicit Unfinished(fs::path folder) : folder_(std::move(folder)) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);  // of a process that was killed
    makeFolders(folder_);
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

/// Writes the entries of an archive into a folder of its own.
class Writer {
 public:
  explicit Writer(fs::path folder) : folder_(std::move(folder)) {}

  ArchiveSink sink() {
    return {[this](const std::string& path) { makeFolders(folder_ / path); },
            [this](const std::string& path) { begin(path); },
            [this](int64_t offset, std::span<const uint8_t> bytes) {
              fill(offset);
              add(bytes);
            },
            [this](int64_t size) { end(size); }};
  }

  std::vector<UnpackedFile> take() { return std::move(files_); }

 private:
  void begin(const std::string& path) {
    makeFolders((folder_ / path).parent_path());
    file_ = Descriptor(folder_ / path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    digest_.emplace();
    size_ = 0;
    files_.push_back({path, {}});
  }

  void add(std::span<const uint8_t> bytes) {
    file_.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    digest_->add(bytes);
    size_ += static_cast<int64_t>(bytes.size());
  }

  /// Zeros up to `offset`: archives may leave holes out.
  void fill(int64_t offset) {
    static const std::vector<uint8_t> kZeros(1 << 16);
    while (size_ < offset)
      add(std::span(kZeros).first(static_cast<size_t>(std::min<int64_t>(offset - size_, kZeros.size()))));
  }

  void end(int64_t size) {
    fill(size);
    file_.sync();
    files_.back().sha256 = digest_->finish();
  }

  fs::path folder_;
  Descriptor file_;
  std::optional<Digest> digest_;
  int64_t size_ = 0;
  std::vector<UnpackedFile> files_;
};

}  // namespace

std::vector<UnpackedFile> unpackArchive(const fs::path& archive, const fs::path& folder,
                                        const ArchiveLimits& limits, const std::stop_token& stop) {
  if (fs::exists(fs::symlink_status(folder)))
    throw RunError(ExitCode::Disk, fmt::format("{} is in the way: it exists already", folder.string()));
  readArchive(archive, limits, stop, {});
  const Unfinished unfinished(folder.string() + ".unpacking");
  Writer writer(unfinished.folder());
  readArchive(archive, limits, stop, writer.sink());
  std::error_code error;
  fs::rename(unfinished.folder(), folder, error);
  if (error) throw RunError(ExitCode::Disk, fmt::format("cannot create {}: {}", folder.string(), error.message()));
  Descriptor(folder.parent_path(), O_RDONLY | O_DIRECTORY).sync();
  return writer.take();
}

}  // namespace lab
