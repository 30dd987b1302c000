#include "handover/detached_process.h"

#include "parameters/config_builder.h"

#include <QProcess>

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>

namespace lab::ui {
namespace {

/// When a process began; empty: it is not there, or has ended and waits to be forgotten.
std::string beginningOf(int64_t id) {
  std::ifstream file(fmt::format("/proc/{}/stat", id));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto name = text.rfind(')');  // of the program; it may hold blanks
  if (name == std::string::npos) return {};
  std::istringstream fields(text.substr(name + 1));
  std::string state, field;
  fields >> state;
  if (state == "Z" || state == "X") return {};
  constexpr int kBeginning = 19;  // places behind the state
  for (int i = 0; i < kBeginning; ++i) fields >> field;
  return field;
}

}  // namespace

bool DetachedProcess::alive() const { return !begun.empty() && beginningOf(id) == begun; }

void DetachedProcess::terminate() const {
  if (alive()) ::kill(static_cast<pid_t>(id), SIGTERM);
}

Result<DetachedProcess> startAlone(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                                   const std::filesystem::path& log) {
  std::string script = fmt::format("exec >>{} 2>&1 </dev/null\nexec {}", shellWord(log.string()),
                                   shellWord(program.string()));
  for (const std::string& argument : arguments) script += fmt::format(" {}", shellWord(argument));
  QProcess shell;
  shell.setProgram(QStringLiteral("/bin/sh"));
  shell.setArguments({QStringLiteral("-c"), QString::fromStdString(script)});
  qint64 id = 0;
  if (!shell.startDetached(&id)) return Problem{program.string(), shell.errorString().toStdString()};
  return DetachedProcess{id, beginningOf(id)};
}

}  // namespace lab::ui
