#include "screenshots.h"

#include "theme.h"

#include <QApplication>
#include <QEventLoop>
#include <QItemSelectionModel>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>

#include <algorithm>
#include <system_error>
#include <utility>

namespace lab {

namespace {

constexpr QSize kSize(1440, 900);
constexpr int kCompared = 6;
constexpr int kSettleMilliseconds = 1500;  // runs are read in the background, plots drawn at 30 Hz

void settle() {
  QEventLoop loop;
  QTimer::singleShot(kSettleMilliseconds, &loop, &QEventLoop::quit);
  loop.exec();
}

/// For the Compare page.
void selectNewestRuns(QWidget& page) {
  auto* table = page.findChild<QTableView*>();
  const int last = std::min(kCompared, table->model()->rowCount()) - 1;
  if (last < 0) return;
  const auto index = [&](int row) { return table->model()->index(row, 0); };
  table->selectionModel()->select({index(0), index(last)},
                                  QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

/// "&Live" to "live".
QString fileName(QString title) { return title.remove('&').toLower().replace(' ', '-'); }

}  // namespace

std::string takeScreenshots(ui::MainWindow& window, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  auto* pages = window.findChild<QTabWidget*>(QStringLiteral("pages"));
  window.resize(kSize);
  window.show();
  settle();
  for (const auto& [theme, name] : {std::pair{ui::ThemeChoice::Light, "light"}, {ui::ThemeChoice::Dark, "dark"}}) {
    ui::applyTheme(theme);
    for (int page = 0; page < pages->count(); ++page) {
      pages->setCurrentIndex(page);
      if (page == ui::MainWindow::Runs) selectNewestRuns(*pages->widget(page));
      settle();
      const auto file = folder / (fileName(pages->tabText(page)) + '-' + name + ".png").toStdString();
      if (!window.grab().save(QString::fromStdString(file.string())))
        return "cannot write " + file.string() + ": a folder that can be written would be right";
    }
  }
  return {};
}

}  // namespace lab
