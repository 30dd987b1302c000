#pragma once
// The table of parameters as options of a command.

#include "parameters/config_builder.h"

#include <map>
#include <string>

namespace CLI {
class App;
}

namespace lab {

/// One option a row, in the groups of the table, on the command `app`: `--update-interval 100`, `--nesterov
/// false`. Every option takes one value; of an option given twice the last counts. Lives as long as `app` parses.
class ParameterOptions {
 public:
  explicit ParameterOptions(CLI::App& app);
  ParameterOptions(const ParameterOptions&) = delete;
  ParameterOptions& operator=(const ParameterOptions&) = delete;

  /// After parsing: hands what was given to the builder. Values are judged there, so that all problems come at
  /// once.
  void addTo(ConfigBuilder& builder, Origin origin = Origin::Flag) const;

  /// What was given: key to text.
  const std::map<std::string, std::string>& given() const { return given_; }

 private:
  std::map<std::string, std::string> given_;
};

}  // namespace lab
