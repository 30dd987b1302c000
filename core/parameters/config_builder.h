#pragma once
// A Config is put together from layers: defaults < the method's own defaults < preset < file < environment < flags
// < window. The builder remembers where each value came from, so that `config --show-origin` can say it and an
// option that was set on purpose but would do nothing can be refused.

#include "parameters/config.h"
#include "parameters/parameter_table.h"
#include "result.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class Origin { Default, Method, Preset, File, Environment, Flag, Window };
std::string_view name(Origin origin);

/// A validated Config with its provenance.
struct ResolvedConfig {
  Config config;
  std::map<std::string, Origin> origins;  ///< every key

  /// The keys that somebody set: everything but Default and Method.
  std::set<std::string> explicitKeys() const;
};

/// The configuration that holds when nothing is set but the method: the defaults under the method's own recipe.
Config defaultsFor(std::string_view method);

class ConfigBuilder {
 public:
  /// Remembers an assignment. Unknown keys and unparsable values become problems of resolve().
  /// A higher origin wins; of equal origins the later.
  void set(std::string_view key, std::string_view value, Origin origin);

  /// Reads `key = value` lines (TOML, flat). `where` names the source in messages.
  void addToml(std::string_view text, std::string_view where, Origin origin = Origin::File);

  /// Applies all layers and validates. Returns every problem at once: values that are no values first, and only
  /// when all are sound, what they mean together.
  Result<ResolvedConfig> resolve() const;

 private:
  struct Assignment {
    std::string value;
    Origin origin;
  };
  std::map<std::string, Assignment> assignments_;
  Problems problems_;
};

/// "unknown parameter 'update_intervall'; did you mean update_interval?"
Problem unknownParameter(std::string_view key);

/// Everything wrong with a configuration: ranges, choices, combinations without meaning, layers that would have
/// no weight, and options in `explicitKeys` that would do nothing.
Problems validate(const Config& config, const std::set<std::string>& explicitKeys = {});

/// The parameters that have no effect under this configuration, key to reason (the form greys them out).
std::map<std::string, std::string> idleParameters(const Config& config);

/// The whole configuration as commented TOML that addToml reads back to the same Config. Parameters without effect
/// are comments in it, since setting them is an error: they come back as their defaults.
std::string toToml(const Config& config);

/// The arguments that reproduce the configuration: "--update-interval", "50", ...: the values that differ from
/// what would be resolved without them. Parameters without effect are left out.
std::vector<std::string> toArguments(const Config& config);

/// `text` as one word of a POSIX shell.
std::string shellWord(const std::string& text);

/// "itoplab run --update-interval 50 ...", quoted for a shell.
std::string toCommandLine(const Config& config);

/// 16 hexadecimal digits over kNumericsVersion and all parameters that affect results and have an effect here.
/// Equal hash: equal results.
std::string configurationHash(const Config& config);

/// Raised whenever a change to the code changes the numbers of a run.
inline constexpr int kNumericsVersion = 1;

}  // namespace lab
