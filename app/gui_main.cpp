// itoplab-gui: puts the engines into the window, or draws a figure without one.

#include "engines.h"
#include "exit_codes.h"
#include "experiments/figure_data.h"
#include "figures/render_figure.h"
#include "main_window.h"
#include "screenshots.h"
#include "store/paths.h"
#include "store/run_reader.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace {

using namespace lab;
using namespace lab::ui;

int fail(ExitCode code, const std::string& sentence) {
  std::fprintf(stderr, "itoplab-gui: %s\n", sentence.c_str());
  return static_cast<int>(code);
}

bool given(int count, char** arguments, std::string_view option) {
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == option || (argument.starts_with(option) && argument[option.size()] == '=')) return true;
  }
  return false;
}

bool displayThere() {
  const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
  return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
         (!platform.isEmpty() && platform != "xcb" && !platform.startsWith("wayland"));
}

/// Qt aborts without a display; this asks before it can.
std::optional<int> prepareDisplay(int count, char** arguments) {
  const bool windowless = given(count, arguments, "--render") || given(count, arguments, "--screenshots") ||
                          given(count, arguments, "--help") || given(count, arguments, "-h") ||
                          given(count, arguments, "--version");
  if (windowless) qputenv("QT_QPA_PLATFORM", "offscreen");
  if (windowless || displayThere()) return {};
  return fail(
      ExitCode::Usage,
      "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): start it from a desktop session, or "
      "use `itoplab reproduce figure3 --out figure3`, which needs none");
}

/// What Qt can only die of while it starts is a display that it cannot reach.
void sayThatDisplayIsUnreachable(QtMsgType type, const QMessageLogContext&, const QString& message) {
  if (type == QtFatalMsg)
    std::_Exit(
        fail(ExitCode::Usage, "the display " + qgetenv("DISPLAY").toStdString() +
                                  " cannot be opened: check DISPLAY, or use `itoplab reproduce figure3 --out "
                                  "figure3`, which needs none"));
  if (type == QtCriticalMsg) std::fprintf(stderr, "%s\n", qPrintable(message));
}

std::optional<QSize> parseSize(const QString& text) {
  const auto parts = text.split('x');
  bool okWidth = false, okHeight = false;
  const QSize size(parts.value(0).toInt(&okWidth), parts.value(1).toInt(&okHeight));
  const bool sane = size.width() >= 100 && size.height() >= 100 && size.width() <= 20000 && size.height() <= 20000;
  if (parts.size() != 2 || !okWidth || !okHeight || !sane) return {};
  return size;
}

int render(const QCommandLineParser& options) {
  const auto name = options.value("render").toStdString();
  const Figure* figure = findFigure(name);
  if (figure == nullptr)
    return fail(ExitCode::Usage, "unknown figure " + name + ": `itoplab list figures` names them");
  const auto size = parseSize(options.value("size"));
  if (!size)
    return fail(ExitCode::Usage, "--size " + options.value("size").toStdString() +
                                     ": give WIDTHxHEIGHT in pixels from 100 to 20000, such as 1200x520");
  const std::filesystem::path folder = options.value("from").toStdString();
  const auto data = readFigureFiles(folder, name);
  if (!data) return fail(ExitCode::Data, describe(data.problems()));
  const auto problems = renderFigure(*figure, data.value(), folder, *size);
  return problems.empty() ? 0 : fail(ExitCode::Disk, describe(problems));
}

void addOptions(QCommandLineParser& options) {
  options.setApplicationDescription("A desktop laboratory for dynamic sparse training.");
  options.addHelpOption();
  options.addVersionOption();
  options.addPositionalArgument("path", "Open this run's folder, or take this TOML file's parameters.", "[path]");
  options.addOptions(
      {{"figure", "Open this figure preset, ready to start; empty: a single run.", "name"},
       {"start", "Start it at once."},
       {"run", "Open this stored run: a folder, an id, the beginning of one, or \"latest\".", "id"},
       {"home", "Where runs are kept (default: $ITOPLAB_HOME, else the data home).", "folder"},
       {"screenshots", "Write pictures of all pages, light and dark, and end; no display is needed.", "folder"},
       {"render", "Draw this figure as PNG and SVG without a window.", "figure"},
       {"from", "The folder with the figure's data, where the pictures go.", "folder", "."},
       {"size", "Size of the picture, WIDTHxHEIGHT; the PNG has twice as many pixels.", "size", "1200x520"}});
}

int showWindow(const QCommandLineParser& options) {
  Laboratory laboratory{
      .engines = makeEngines(),
      .home = options.isSet("home") ? std::filesystem::path(options.value("home").toStdString()) : labHome(),
      .programVersion = LAB_VERSION,
      .settingsFile = {}};
  const QTemporaryDir session;  // pictures show no earlier session, and change none
  if (options.isSet("screenshots")) laboratory.settingsFile = session.filePath("session.ini").toStdString();
  const auto figure = options.value("figure");
  if (!figure.isEmpty() && findFigure(figure.toStdString()) == nullptr)
    return fail(ExitCode::Usage, "unknown figure " + figure.toStdString() + ": `itoplab list figures` names them");
  std::optional<std::filesystem::path> run;
  if (options.isSet("run")) {
    auto found = findRun(laboratory.home, options.value("run").toStdString());
    if (!found) return fail(ExitCode::Usage, describe(found.problems()));
    run = found.take();
  }
  MainWindow window(laboratory);
  if (options.isSet("figure")) window.chooseFigure(figure);
  if (run) window.openStoredRun(*run);
  const auto paths = options.positionalArguments();
  if (!paths.isEmpty()) window.openPath(paths.first().toStdString());
  if (options.isSet("start")) window.start();
  if (options.isSet("screenshots")) {
    const auto problem = takeScreenshots(window, options.value("screenshots").toStdString());
    return problem.empty() ? 0 : fail(ExitCode::Disk, problem);
  }
  window.show();
  window.welcome();
  return QApplication::exec();
}

}  // namespace

int main(int count, char** arguments) {
  if (const auto code = prepareDisplay(count, arguments)) return *code;
  const auto handler = qInstallMessageHandler(sayThatDisplayIsUnreachable);
  QApplication application(count, arguments);
  qInstallMessageHandler(handler);
  QApplication::setApplicationName("itoplab-gui");
  QApplication::setApplicationDisplayName("ITOP Lab");
  QApplication::setApplicationVersion(LAB_VERSION);
  QApplication::setDesktopFileName("io.github.itoplab.ITOPLab");
  QCommandLineParser options;
  addOptions(options);
  if (!options.parse(QApplication::arguments())) return fail(ExitCode::Usage, options.errorText().toStdString());
  if (options.isSet("help")) options.showHelp();
  if (options.isSet("version")) options.showVersion();
  if (options.positionalArguments().size() > 1)
    return fail(ExitCode::Usage, "one path, not " + std::to_string(options.positionalArguments().size()) + ": " +
                                     options.positionalArguments().join(' ').toStdString());
  return options.isSet("render") ? render(options) : showWindow(options);
}
