#include "fetch/install.h"

#include "data/dataset_table.h"
#include "data/digest.h"
#include "store/files.h"
#include "store/paths.h"
#include "run_error.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <fstream>
#include <sstream>

namespace lab {

namespace fs = std::filesystem;

namespace {

/// One process at a time downloads into or removes from a folder.
Descriptor locked(const fs::path& folder) {
  Descriptor lock(folder, O_RDONLY | O_DIRECTORY);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    throw RunError(ExitCode::Locked, fmt::format("another process downloads into {}", folder.string()));
  return lock;
}

/// Empty when the file cannot be read.
std::string checksumOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  Digest digest;
  std::vector<char> block(1 << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0)
    digest.add({reinterpret_cast<const uint8_t*>(block.data()), static_cast<size_t>(file.gcount())});
  return file.bad() ? std::string() : digest.finish();
}

void writeChecksums(const fs::path& folder, const std::vector<UnpackedFile>& files) {
  std::string lines;
  for (const UnpackedFile& file : files) lines += fmt::format("{}  {}\n", file.sha256, file.path);
  writeWhole(folder / kChecksumFile, lines);
}

/// What SHA256SUMS says; lines that it does not understand are skipped, and so are paths that lead elsewhere.
std::vector<UnpackedFile> readChecksums(const fs::path& folder) {
  constexpr size_t kDigits = 64;
  std::vector<UnpackedFile> files;
  const auto text = readWhole(folder / kChecksumFile);
  if (!text) return files;
  std::istringstream lines(text.value());
  for (std::string line; std::getline(lines, line);) {
    if (line.size() <= kDigits + 2) continue;
    const std::string path = line.substr(kDigits + 2);
    const fs::path plain = fs::path(path).lexically_normal();
    if (plain.is_relative() && *plain.begin() != "..") files.push_back({path, line.substr(0, kDigits)});
  }
  return files;
}

void makeFolder(const fs::path& folder) {
  if (const Problems problems = makeWritableFolder(folder); !problems.empty())
    throw RunError(ExitCode::Disk, describe(problems));
}

/// Fetches `file` unless it is there. `before`: bytes of the files before it.
void fetchFile(const RemoteFile& file, const fs::path& target, const TransferOptions& options, int64_t before) {
  TransferOptions own = options;
  if (options.progress) own.progress = [&](int64_t have) { options.progress(before + have); };
  if (checksumOf(target) != file.sha256) download(file, target, own);
  if (own.progress) own.progress(file.size);
}

void installFiles(const CatalogueEntry& entry, const fs::path& folder, const TransferOptions& options) {
  makeFolder(folder);
  std::vector<UnpackedFile> files;
  int64_t before = 0;
  for (const RemoteFile& file : entry.files) {
    fetchFile(file, folder / file.name, options, before);
    files.push_back({file.name, file.sha256});
    before += file.size;
  }
  writeChecksums(folder, files);
}

int64_t removeFiles(const fs::path& folder) {
  int64_t removed = 0;
  for (const UnpackedFile& file : readChecksums(folder)) {
    removed += fs::remove(folder / file.path) ? 1 : 0;
    std::error_code notEmpty;
    for (fs::path parent = fs::path(file.path).parent_path(); !parent.empty(); parent = parent.parent_path())
      fs::remove(folder / parent, notEmpty);
  }
  removed += fs::remove(folder / kChecksumFile) ? 1 : 0;
  std::error_code notEmpty;
  fs::remove(folder, notEmpty);
  return removed;
}

void installArchive(const CatalogueEntry& entry, const fs::path& folder, const TransferOptions& options) {
  const RemoteFile& file = entry.files.front();
  const fs::path packed = folder.parent_path() / file.name;
  if (isInstalled(folder)) {
    if (checkInstalled(folder).problems.empty()) return;
    removeFiles(folder);
  }
  if (fs::exists(fs::symlink_status(folder)))
    throw RunError(ExitCode::Disk,
                   fmt::format("{} is in the way: it was not downloaded by this program, and has to be "
                               "moved elsewhere first",
                               folder.string()));
  fetchFile(file, packed, options, 0);
  writeChecksums(folder, unpackArchive(packed, folder, entry.unpacked, options.stop));
  fs::remove(packed);
}

}  // namespace

fs::path downloadFolder(std::string_view dataset, const std::string& root) {
  return (root.empty() ? dataHome() : fs::absolute(root)) / dataset;
}

void install(const CatalogueEntry& entry, const fs::path& folder, const TransferOptions& options) {
  makeFolder(folder.parent_path());
  const Descriptor lock = locked(folder.parent_path());
  entry.archive ? installArchive(entry, folder, options) : installFiles(entry, folder, options);
}

bool isInstalled(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / kChecksumFile, ignored);
}

InstalledFiles checkInstalled(const fs::path& folder) {
  InstalledFiles found;
  for (const UnpackedFile& file : readChecksums(folder)) {
    const fs::path path = folder / file.path;
    const std::string now = checksumOf(path);
    if (now.empty())
      found.problems.push_back({path.string(), fmt::format("{} is missing or cannot be read", path.string())});
    else if (now != file.sha256)
      found.problems.push_back(
          {path.string(), fmt::format("{} has the SHA-256 {}, {} was downloaded: it is damaged, "
                                      "downloading it again would help",
                                      path.string(), now, file.sha256)});
    found.files.push_back({file.path, now});
  }
  return found;
}

int64_t uninstall(const CatalogueEntry& entry, const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder.parent_path(), error)) return 0;
  const Descriptor lock = locked(folder.parent_path());
  int64_t removed = 0;
  for (const RemoteFile& file : entry.files) {
    const fs::path target = (entry.archive ? folder.parent_path() : folder) / file.name;
    for (const char* suffix : {".partial", ".partial.version"})
      removed += fs::remove(target.string() + suffix) ? 1 : 0;
    if (entry.archive) removed += fs::remove(target) ? 1 : 0;
  }
  fs::remove_all(folder.string() + ".unpacking");
  return removed + removeFiles(folder);
}

}  // namespace lab
