#include "handover/command_line_program.h"

#include "parameters/config_builder.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

#include <fmt/format.h>

namespace lab::ui {

Result<std::filesystem::path> findCommandLineProgram() {
  const QString name = QStringLiteral("itoplab"), folder = QCoreApplication::applicationDirPath();
  const QFileInfo beside(folder + u'/' + name);
  if (beside.isFile() && beside.isExecutable()) return std::filesystem::path(beside.filePath().toStdString());
  if (const QString found = QStandardPaths::findExecutable(name); !found.isEmpty())
    return std::filesystem::path(found.toStdString());
  return Problem{
      name.toStdString(),
      QCoreApplication::translate("Handover", "the command line program itoplab is neither in %1 nor in PATH")
          .arg(folder)
          .toStdString()};
}

Problems startDetached(const std::filesystem::path& program, const std::vector<Arguments>& commands,
                       const std::filesystem::path& log) {
  std::string script = fmt::format("exec >>{} 2>&1 </dev/null", shellWord(log.string()));
  for (const Arguments& command : commands) {
    script += fmt::format("\n{}", shellWord(program.string()));
    for (const std::string& argument : command) script += fmt::format(" {}", shellWord(argument));
  }
  QProcess shell;
  shell.setProgram(QStringLiteral("/bin/sh"));
  shell.setArguments({QStringLiteral("-c"), QString::fromStdString(script)});
  shell.setWorkingDirectory(QString::fromStdString(log.parent_path().string()));
  if (shell.startDetached()) return {};
  return {{program.string(), shell.errorString().toStdString()}};
}

}  // namespace lab::ui
