#include "help_format.h"

#include <sstream>

namespace lab::cli {

namespace {

constexpr size_t kNames = 34;  ///< width of the column of option names
constexpr size_t kTexts = 80;  ///< and of what is said beside it

std::string wrapped(const std::string& text, size_t width) {
  std::istringstream words(text);
  std::string result, word;
  size_t column = 0;
  while (words >> word) {
    const bool breaks = column > 0 && column + 1 + word.size() > width;
    if (column > 0) result += breaks ? "\n" : " ";
    column = breaks || column == 0 ? word.size() : column + 1 + word.size();
    result += word;
  }
  return result;
}

}  // namespace

HelpFormat::HelpFormat() { column_width(kNames); }

std::string HelpFormat::make_option_desc(const CLI::Option* option) const {
  return wrapped(Formatter::make_option_desc(option), kTexts);
}

}  // namespace lab::cli
