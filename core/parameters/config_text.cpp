#include "parameters/config_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace lab {

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Words as a POSIX shell cuts them: quotes, backslashes, continued lines.
Result<std::vector<std::string>> shellWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escapes = c == '\\' && quote != '\'' && i + 1 < text.size();
    if (escapes) {
      if (text[++i] == '\n') continue;
      word += text[i];
      inWord = true;
    } else if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote != 0 ? 0 : c;
      inWord = true;
    } else if (quote == 0 && isBlank(c)) {
      if (inWord) words.push_back(std::exchange(word, {}));
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (quote != 0) return Problem{word, fmt::format("the quote before \"{}\" is not closed", word)};
  if (inWord) words.push_back(word);
  return words;
}

bool namesProgram(const std::string& word) {
  const std::string name = word.substr(word.rfind('/') + 1);
  return name == "itoplab" || name == "lab";
}

/// By its first word; `text` begins with it.
bool isCommandLine(std::string_view text) {
  const auto end = std::ranges::find_if(text, isBlank);
  const std::string first(text.begin(), end);
  return first == "$" || first.starts_with("--") || namesProgram(first);
}

/// What comes before the flags, out of the way. Problem: it is another command than `run`.
Problems removeCommand(std::vector<std::string>& words) {
  if (words.front() == "$") words.erase(words.begin());
  if (words.empty() || !namesProgram(words.front())) return {};
  words.erase(words.begin());
  if (!words.empty() && words.front() == "run") {
    words.erase(words.begin());
    return {};
  }
  return {
      {"run", fmt::format("\"itoplab {}\" is not the command line of one run: \"itoplab run ...\" would be right",
                          words.empty() ? "" : words.front())}};
}

void addFlags(const std::vector<std::string>& words, ConfigBuilder& builder, Problems& problems) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with("--")) {
      problems.push_back({word, fmt::format("\"{}\" stands alone: --parameter value would be right", word)});
      continue;
    }
    const size_t equals = std::min(word.find('='), word.size());
    const std::string key = word.substr(2, equals - 2);
    const Parameter* parameter = findParameter(key);
    if (parameter == nullptr) {
      problems.push_back(unknownParameter(key));
    } else if (equals < word.size()) {
      builder.set(parameter->key, word.substr(equals + 1), Origin::Window);
    } else if (i + 1 == words.size()) {
      problems.push_back({key, fmt::format("--{} has no value: {} would be right", key, allowedText(*parameter))});
    } else {
      builder.set(parameter->key, words[++i], Origin::Window);
    }
  }
}

}  // namespace

Result<ResolvedConfig> readConfigText(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  if (text.empty()) return Problem{"text", "there is no text: TOML or \"itoplab run ...\" would be right"};
  ConfigBuilder builder;
  if (!isCommandLine(text)) {
    builder.addToml(text, "the text", Origin::Window);
    return builder.resolve();
  }
  auto words = shellWords(text);
  if (!words) return words.problems();
  Problems problems = removeCommand(words.value());
  if (!problems.empty()) return problems;
  addFlags(words.value(), builder, problems);
  if (!problems.empty()) {
    if (const auto resolved = builder.resolve(); !resolved)
      problems.insert(problems.end(), resolved.problems().begin(), resolved.problems().end());
    return problems;
  }
  return builder.resolve();
}

}  // namespace lab
