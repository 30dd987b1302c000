#include "store/checkpoint.h"

#include "data/digest.h"
#include "parameters/config_builder.h"
#include "run_error.h"
#include "store/bytes.h"
#include "store/checkpoint_fields.h"
#include "store/files.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic = "itoplab checkpoint 1\n";
constexpr size_t kLengths = 2 * sizeof(uint64_t), kDigest = 64;
constexpr uint64_t kLargest = 1ULL << 40;  // bytes; larger is damage

/// The configuration by name, so that parameters may come and go.
void putConfig(ByteWriter& out, const Config& config) {
  out.put(static_cast<uint64_t>(parameters().size()));
  for (const Parameter& parameter : parameters()) {
    out.put(std::string(parameter.key));
    out.put(valueText(config, parameter));
  }
}

void getConfig(ByteReader& in, Config& config) {
  uint64_t count = 0;
  in.get(count);
  for (; count > 0; --count) {
    std::string key, value;
    in.get(key);
    in.get(value);
    const Parameter* parameter = findParameter(key);
    if (parameter == nullptr || !setFromText(config, *parameter, value).empty())
      throw BytesDamage(fmt::format("{} = {} is no parameter of this version", key, value));
  }
}

std::string digest(std::string_view bytes) {
  return sha256({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

std::string packed(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

Checkpoint unpacked(std::string_view content) {
  if (!content.starts_with(kMagic)) throw BytesDamage("it is not a checkpoint of this version");
  if (content.size() < kMagic.size() + kLengths + kDigest) throw BytesDamage("it is cut off");
  const std::string_view body = content.substr(0, content.size() - kDigest);
  if (content.substr(body.size()) != digest(body)) throw BytesDamage("its SHA-256 is another");
  ByteReader lengths(body.substr(kMagic.size(), kLengths));
  uint64_t size = 0, packedSize = 0;
  lengths.get(size);
  lengths.get(packedSize);
  const std::string_view frame = body.substr(kMagic.size() + kLengths);
  if (size > kLargest || packedSize != frame.size()) throw BytesDamage("its lengths do not fit");
  std::string bytes(size, '\0');
  if (ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size()) != size)
    throw BytesDamage("it cannot be unpacked");
  ByteReader in(bytes);
  int32_t numerics = 0;
  in.get(numerics);
  if (numerics != kNumericsVersion)
    throw BytesDamage("it is of a version of the program that computes other numbers");
  Checkpoint checkpoint;
  getConfig(in, checkpoint.run.config);
  in.get(checkpoint);
  in.end();
  return checkpoint;
}

fs::path folderOf(const fs::path& run) { return run / "checkpoints"; }
fs::path masksBeside(const fs::path& file) { return fs::path(file).replace_extension(".masks"); }

/// Oldest first.
std::vector<fs::path> checkpointFiles(const fs::path& run) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folderOf(run), error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".checkpoint" && !entry->path().filename().string().starts_with('.'))
      files.push_back(entry->path());
  std::ranges::sort(files);
  return files;
}

int64_t numberOf(const fs::path& file) {
  const std::string stem = file.stem().string();
  int64_t number = 0;
  std::from_chars(stem.data(), stem.data() + stem.size(), number);
  return number;
}

void removeCheckpoint(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
  fs::remove(masksBeside(file), ignored);
}

/// A second name for the same bytes, or a copy where the file system has none.
void linkOrCopy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::remove(to, error);
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

/// Why the run's files do not reach as far as a checkpoint says; empty when they do.
std::string whyTooShort(const fs::path& run, const fs::path& file, const RecordPosition& record) {
  std::vector<std::pair<fs::path, int64_t>> wanted = {{run / "metrics.csv", record.metrics},
                                                      {run / "layers.csv", record.layers},
                                                      {run / "events.csv", record.events},
                                                      {run / "log.txt", record.log},
                                                      {masksBeside(file), record.history.size}};
  if (!record.eventFile.empty()) wanted.emplace_back(run / record.eventFile, record.eventBytes);
  for (const auto& [path, size] : wanted)
    if (!hasBytes(path, size)) return fmt::format("{} is shorter than it was then", path.string());
  return {};
}

}  // namespace

std::string packCheckpoint(const Checkpoint& checkpoint) {
  ByteWriter out;
  out.put(int32_t{kNumericsVersion});
  putConfig(out, checkpoint.run.config);
  out.put(checkpoint);
  const std::string frame = packed(out.bytes());
  ByteWriter lengths;
  lengths.put(static_cast<uint64_t>(out.bytes().size()));
  lengths.put(static_cast<uint64_t>(frame.size()));
  const std::string body = std::string(kMagic) + lengths.bytes() + frame;
  return body + digest(body);
}

Result<Checkpoint> unpackCheckpoint(std::string_view content, const std::string& where) {
  try {
    return unpacked(content);
  } catch (const BytesDamage& damage) {
    return Problem{where, fmt::format("{} cannot be used: {}", where, damage.what())};
  }
}

void saveCheckpoint(const fs::path& run, const Checkpoint& checkpoint) {
  const auto older = checkpointFiles(run);
  const int64_t number = older.empty() ? 1 : numberOf(older.back()) + 1;
  const fs::path file = folderOf(run) / fmt::format("{:06}.checkpoint", number);
  try {
    fs::create_directories(folderOf(run));
    linkOrCopy(historyFile(run), masksBeside(file));
  } catch (const fs::filesystem_error& error) {
    throw RunError(ExitCode::Disk, error.what());
  }
  writeWhole(file, packCheckpoint(checkpoint));
  for (size_t i = 0; i + 1 < older.size(); ++i) removeCheckpoint(older[i]);
}

bool hasCheckpoint(const fs::path& run) { return !checkpointFiles(run).empty(); }

Result<std::optional<FoundCheckpoint>> findCheckpoint(const fs::path& run) {
  const auto files = checkpointFiles(run);
  std::vector<std::string> damaged;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    const auto content = readWhole(*file);
    auto checkpoint = content ? unpackCheckpoint(content.value(), file->string()) : content.problems();
    if (!checkpoint) {
      damaged.push_back(describe(checkpoint.problems()));
    } else if (const std::string why = whyTooShort(run, *file, checkpoint.value().record); !why.empty()) {
      damaged.push_back(fmt::format("{} cannot be used: {}", file->string(), why));
    } else {
      return std::optional(FoundCheckpoint{*file, checkpoint.take(), std::move(damaged)});
    }
  }
  if (files.empty()) return std::optional<FoundCheckpoint>();
  Problems problems;
  for (const std::string& sentence : damaged) problems.push_back({run.string(), sentence});
  return problems;
}

void restoreHistory(const fs::path& run, const fs::path& file) {
  try {
    const fs::path beside = historyFile(run).string() + ".part";
    linkOrCopy(masksBeside(file), beside);
    fs::rename(beside, historyFile(run));
    // rename() does nothing when both are names of the same file.
    fs::remove(beside);
    for (const fs::path& other : checkpointFiles(run))
      if (other > file) removeCheckpoint(other);
  } catch (const fs::filesystem_error& error) {
    throw RunError(ExitCode::Disk, error.what());
  }
}

}  // namespace lab
