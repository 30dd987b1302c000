#pragma once
// A table of text with aligned columns.

#include <string>
#include <vector>

namespace lab::cli {

class Table {
 public:
  /// A title that begins with '>' is of a column set flush right; the mark is not printed.
  explicit Table(std::vector<std::string> titles);
  void add(std::vector<std::string> row);
  bool empty() const { return rows_.size() == 1; }

  /// Every line indented by `indent` spaces; widths are counted in characters of UTF-8.
  std::string text(int indent = 0) const;

 private:
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace lab::cli
