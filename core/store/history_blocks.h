#pragma once
// The file of a mask history: a line naming the format, then blocks. A block is its length (32 bits, little
// endian) and a Zstandard frame with checksum; inside are records of a tag and varints, positions as gaps.

#include "store/files.h"
#include "store/mask_history.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

inline constexpr std::string_view kHistoryMagic = "itoplab masks 1\n";

enum class HistoryTag : char { Initial = 'I', Entry = 'E', End = '.' };

void appendInitial(std::string& block, const std::vector<Mask>& masks);
void appendEntry(std::string& block, const HistoryEntry& entry);

/// The block as it stands in the file.
std::string sealBlock(std::string_view block);

/// Reads the records of a history file in order.
class HistoryReader {
 public:
  /// `file` is the whole content; it must outlive the reader. Throws HistoryDamage.
  explicit HistoryReader(std::string_view file);

  const std::vector<Mask>& initial() const { return initial_; }
  std::optional<HistoryEntry> next();  ///< none at the end
  bool complete() const { return complete_; }

 private:
  bool nextBlock();
  uint64_t varint();
  std::vector<int64_t> positions(int64_t size);
  [[noreturn]] void damaged(const char* what) const;

  std::string_view file_;
  size_t offset_ = 0;       ///< of the next block
  size_t blockOffset_ = 0;  ///< of the present one
  std::string block_;
  std::string_view rest_;  ///< of the present block
  std::vector<Mask> initial_;
  bool complete_ = false;
};

/// What is wrong with a file, with the byte offset.
struct HistoryDamage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace lab
