#include "store/paths.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

/// The variable's value; empty when it is not set, or relative where the XDG specification says to ignore it.
fs::path absoluteFrom(const char* variable) {
  const char* value = std::getenv(variable);
  const fs::path path = value != nullptr ? value : "";
  return path.is_absolute() ? path : fs::path();
}

fs::path userHome() {
  if (const fs::path home = absoluteFrom("HOME"); !home.empty()) return home;
  const passwd* user = getpwuid(getuid());
  return user != nullptr ? fs::path(user->pw_dir) : fs::current_path();
}

}  // namespace

fs::path labHome() {
  if (const char* chosen = std::getenv("ITOPLAB_HOME"); chosen != nullptr && *chosen != '\0')
    return fs::absolute(chosen);
  const fs::path data = absoluteFrom("XDG_DATA_HOME");
  return (data.empty() ? userHome() / ".local" / "share" : data) / "itoplab";
}

fs::path runsFolder(const fs::path& home) { return home / "runs"; }

Problems makeWritableFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error) && !error)
    error = std::make_error_code(std::errc::not_a_directory);
  if (!error && access(folder.c_str(), W_OK | X_OK) != 0) error = std::error_code(errno, std::generic_category());
  if (!error) return {};
  return {
      {folder.string(), fmt::format("the folder {} cannot be written: {}; another folder, or write permission on "
                                    "this one, would be right",
                                    folder.string(), error.message())}};
}

}  // namespace lab
