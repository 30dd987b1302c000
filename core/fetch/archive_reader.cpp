#include "fetch/archive_reader.h"

#include "run_error.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>
#include <set>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr size_t kBlock = 1 << 16, kLongestPath = 1024;

struct FreeReader {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, FreeReader>;

class Examiner {
 public:
  Examiner(const fs::path& path, const ArchiveLimits& limits) : path_(path), limits_(limits) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw RunError(ExitCode::Data, fmt::format("{} is refused: {}", path_.string(), why));
  }

  /// The path of the entry without "./" and trailing '/'; "" is the folder itself.
  std::string accept(archive_entry* entry) {
    if (++entries_ > limits_.entries) refuse(fmt::format("it has more than {} entries", limits_.entries));
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw == nullptr ? "" : raw;
    const bool folder = archive_entry_filetype(entry) == AE_IFDIR;
    if (archive_entry_hardlink(entry) != nullptr || (!folder && archive_entry_filetype(entry) != AE_IFREG))
      refuse(fmt::format("its entry '{}' is neither a file nor a folder but {}", name, kindOf(entry)));
    const std::string path = plainPath(name);
    if (path.empty() && !folder) refuse(fmt::format("its entry '{}' has no name", name));
    if (!folder) addFile(path);
    if (folder) folders_.insert(path);
    for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      folders_.insert(path.substr(0, slash));
    if (archive_entry_size_is_set(entry) && !folder) needRoomFor(archive_entry_size(entry));
    return path;
  }

  void count(int64_t offset, int64_t bytes) { needRoomFor(offset > limits_.bytes ? offset : offset + bytes); }
  void fileEnds(int64_t bytes) { done_ += bytes; }

  void needWhole() const {
    if (files_.empty()) refuse("it holds no file");
    for (const std::string& file : files_)
      if (folders_.contains(file)) refuse(fmt::format("its entry '{}' is both a file and a folder", file));
  }

 private:
  static std::string_view kindOf(archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr) return "a hard link";
    switch (archive_entry_filetype(entry)) {
      case AE_IFLNK:
        return "a symbolic link";
      case AE_IFCHR:
      case AE_IFBLK:
        return "a device";
      case AE_IFIFO:
        return "a pipe";
      default:
        return "something else";
    }
  }

  std::string plainPath(const std::string& name) const {
    if (name.empty() || name.size() > kLongestPath) refuse("it has an entry whose name is empty or far too long");
    if (name.front() == '/') refuse(fmt::format("its entry '{}' has an absolute path", name));
    if (std::ranges::any_of(name, [](unsigned char c) { return c < ' ' || c == '\\' || c == 0x7f; }))
      refuse("it has an entry with a backslash or a control character in its name");
    std::string path;
    for (const fs::path& part : fs::path(name)) {
      if (part == "..") refuse(fmt::format("its entry '{}' leads out of its folder", name));
      if (part.empty() || part == ".") continue;
      path += (path.empty() ? "" : "/") + part.string();
    }
    return path;
  }

  void addFile(const std::string& path) {
    if (!files_.insert(path).second) refuse(fmt::format("it holds '{}' twice", path));
  }

  void needRoomFor(int64_t bytes) const {
    if (bytes > limits_.bytes - done_) refuse(fmt::format("it unpacks to more than {} bytes", limits_.bytes));
  }

  const fs::path& path_;
  const ArchiveLimits& limits_;
  int64_t entries_ = 0, done_ = 0;  // bytes of the files before this one
  std::set<std::string> files_, folders_;
};

Reader makeReader() {
  Reader reader(archive_read_new());
  if (!reader) throw std::bad_alloc();
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_all(reader.get());
  return reader;
}

void needSound(::archive* reader, int status, const Examiner& examiner) {
  if (status != ARCHIVE_OK && status != ARCHIVE_EOF)
    examiner.refuse(fmt::format("it is damaged or no archive ({})", archive_error_string(reader)));
}

/// The bytes of one file; returns its size.
int64_t readFile(::archive* reader, Examiner& examiner, const ArchiveSink& sink) {
  int64_t size = 0;
  while (true) {
    const void* bytes = nullptr;
    size_t count = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader, &bytes, &count, &offset);
    needSound(reader, status, examiner);
    examiner.count(offset, static_cast<int64_t>(count));
    if (status == ARCHIVE_EOF) return std::max<int64_t>(size, offset);  // beyond it is a hole
    size = offset + static_cast<int64_t>(count);
    if (sink.block) sink.block(offset, {static_cast<const uint8_t*>(bytes), count});
  }
}

}  // namespace

void readArchive(const fs::path& path, const ArchiveLimits& limits, const std::stop_token& stop,
                 const ArchiveSink& sink) {
  Examiner examiner(path, limits);
  const Reader reader = makeReader();
  needSound(reader.get(), archive_read_open_filename(reader.get(), path.c_str(), kBlock), examiner);
  while (true) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    needSound(reader.get(), status, examiner);
    if (status == ARCHIVE_EOF) return examiner.needWhole();
    if (stop.stop_requested())
      throw RunError(ExitCode::Interrupted, fmt::format("{} was not unpacked", path.string()));
    const std::string name = examiner.accept(entry);
    if (archive_entry_filetype(entry) == AE_IFDIR) {
      if (sink.folder && !name.empty()) sink.folder(name);
      continue;
    }
    if (sink.file) sink.file(name);
    const int64_t size = readFile(reader.get(), examiner, sink);
    examiner.fileEnds(size);
    if (sink.fileEnds) sink.fileEnds(size);
  }
}

}  // namespace lab
