#include "usage.h"

#include "parameters/parameter_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab::cli {

namespace {

/// The innermost subcommand on the command line.
const CLI::App& chosen(const CLI::App& program) {
  const auto subcommands = program.get_subcommands();
  return subcommands.empty() ? program : *subcommands.front();
}

std::vector<std::string> flags(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> subcommands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  return names;
}

std::string unknown(const CLI::App& app, const std::vector<std::string>& left) {
  const auto isFlag = [](const std::string& word) { return word.size() > 1 && word[0] == '-'; };
  const auto flag = std::find_if(left.begin(), left.end(), isFlag);
  if (flag != left.end()) {
    const std::string given = flag->substr(0, flag->find('='));
    const std::string meant = nearest(given, flags(app));
    return fmt::format("unknown option {}{}", given, meant.empty() ? "" : "; did you mean " + meant + "?");
  }
  const std::vector<std::string> names = subcommands(app);
  if (names.empty()) return fmt::format("'{}' is one argument too many", left.front());
  const std::string meant = nearest(left.front(), names);
  return fmt::format("unknown command '{}'{}", left.front(), meant.empty() ? "" : "; did you mean " + meant + "?");
}

}  // namespace

CLI::Validator oneOf(std::vector<std::string> names) {
  const auto check = [names](const std::string& given) -> std::string {
    if (std::find(names.begin(), names.end(), given) != names.end()) return {};
    const std::string meant = nearest(given, names);
    if (!meant.empty()) return fmt::format("there is no '{}'; did you mean {}?", given, meant);
    return fmt::format("there is no '{}'; it must be one of {}", given, fmt::join(names, ", "));
  };
  return CLI::Validator(check, "");
}

std::string usageMessage(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& app = chosen(program);
  std::vector<std::string> left = app.remaining();
  if (left.empty()) left = program.remaining();
  const std::string what = left.empty() ? std::string(error.what()) : unknown(app, left);
  const std::string command = &app == &program ? "itoplab" : "itoplab " + app.get_name();
  return fmt::format("{}\n(see {} --help)", what, command);
}

}  // namespace lab::cli
