#include "command_text.h"

#include <string_view>

namespace lab::cli {

namespace {

std::string remembered;

std::string quoted(std::string_view word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+.,/:@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

void rememberCommandLine(int argc, const char* const* argv) {
  remembered = "itoplab";
  for (int i = 1; i < argc; ++i) remembered += " " + quoted(argv[i]);
}

const std::string& commandLineText() { return remembered; }

}  // namespace lab::cli
