#include "render.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace lab::cli {

namespace {

std::vector<std::string> offscreenEnvironment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!std::string_view(*variable).starts_with("QT_")) variables.emplace_back(*variable);
  variables.emplace_back("QT_QPA_PLATFORM=offscreen");
  variables.emplace_back("QT_LOGGING_RULES=default.warning=false");  // that there is no desktop session
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Runs to the end, its standard output sent to our standard error. Returns what went wrong.
std::string runToEnd(std::vector<std::string> arguments) {
  std::vector<std::string> environment = offscreenEnvironment();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  pid_t child = 0;
  const int refused = posix_spawn(&child, arguments.front().c_str(), &files, nullptr, pointers(arguments).data(),
                                  pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (refused != 0) return fmt::format("{} cannot be started: {}", arguments.front(), std::strerror(refused));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) return fmt::format("{} ended with exit code {}", arguments.front(), WEXITSTATUS(status));
  return fmt::format("{} was ended by signal {}", arguments.front(), WTERMSIG(status));
}

}  // namespace

std::string renderFigure(std::string_view figure, const std::filesystem::path& folder) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "the program does not know its own path: " + error.message();
  const auto program = self.parent_path() / "itoplab-gui";
  if (!std::filesystem::exists(program, error)) return fmt::format("{} is not there", program.string());
  const std::string failure =
      runToEnd({program.string(), "--render", std::string(figure), "--from", folder.string()});
  if (!failure.empty()) return failure;
  for (const char* ending : {".png", ".svg"})
    if (!std::filesystem::exists(folder / (std::string(figure) + ending), error))
      return fmt::format("{} wrote no {}{}", program.string(), figure, ending);
  return {};
}

}  // namespace lab::cli
