// The page of stored runs by itself: filter, columns, selection, tags, notes, archive and their undo.

#include "record_run.h"
#include "runs/runs_model.h"
#include "runs/runs_page.h"
#include "store/annotations.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

#include <fstream>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

struct Shown {
  FakeLaboratory& lab;
  RunsPage page;
  QTableView* table;
  QLineEdit* filter;
  QSignalSpy failed{&page, &RunsPage::failed};

  explicit Shown(FakeLaboratory& laboratory)
      : lab(laboratory), table(page.table()), filter(page.findChild<QLineEdit*>("runsFilter")) {
    new QAbstractItemModelTester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, &page);
    new QAbstractItemModelTester(page.findChild<RunsModel*>(),
                                 QAbstractItemModelTester::FailureReportingMode::QtTest, &page);
    page.resize(1000, 500);
    page.show();
    page.activateWindow();
    (void)QTest::qWaitForWindowActive(&page);
    table->setFocus();
    page.setRuns(listRuns(lab.home));
  }
  /// Types a filter and lets it be applied.
  void choose(const QString& text) const {
    filter->selectAll();
    if (text.isEmpty())
      QTest::keyClick(filter, Qt::Key_Delete);
    else
      QTest::keyClicks(filter, text);
    QTest::keyClick(filter, Qt::Key_Return);
  }
  int rows() const { return table->model()->rowCount(); }
  QAction* action(const char* name) const { return table->findChild<QAction*>(QLatin1String(name)); }
  QString text(int row, const char* key) const {
    const auto column = page.columns().indexOf(QLatin1String(key));
    return table->model()->index(row, static_cast<int>(column)).data().toString();
  }
  /// As somebody types into a cell.
  bool type(int row, const char* key, const QString& value) const {
    const auto column = page.columns().indexOf(QLatin1String(key));
    return table->model()->setData(table->model()->index(row, static_cast<int>(column)), value);
  }
};

}  // namespace

class TestRunsPage : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { recordFour(recorded_); }
  void init() {
    lab_ = std::make_unique<FakeLaboratory>();
    std::filesystem::copy(recorded_.home, lab_->home, std::filesystem::copy_options::recursive);
  }
  void cleanup() { lab_.reset(); }

  void filtersAsSomebodyTypes() {
    Shown shown(*lab_);
    QCOMPARE(shown.rows(), 4);
    QTest::keyClicks(shown.filter, "update_interval:20 seed:1");
    QTRY_COMPARE(shown.rows(), 1);
    QCOMPARE(shown.text(0, "update_interval"), QString("20"));
    auto* problem = shown.page.findChild<QLabel*>("problem");
    QVERIFY(problem->isHidden());
    shown.filter->setText(shown.filter->text() + " sparsty>1");
    QTRY_VERIFY(!problem->isHidden());
    QVERIFY2(problem->text().contains("sparsty"), qPrintable(problem->text()));
    QVERIFY(shown.filter->property("invalid").toBool());
    QCOMPARE(shown.rows(), 1);  // the last filter that could be read stays
    shown.choose("");
    QCOMPARE(shown.rows(), 4);
    QVERIFY(problem->isHidden());
  }

  void emptyStatesSayWhatToDo() {
    RunsPage empty;
    empty.show();
    auto visible = [](const RunsPage& page) {
      for (auto* label : page.findChildren<QLabel*>("emptyState"))
        if (label->isVisible()) return label->text();
      return QString();
    };
    QVERIFY(visible(empty).contains("No runs yet"));
    Shown shown(*lab_);
    QVERIFY(visible(shown.page).isEmpty());
    shown.choose("method:dense");
    QVERIFY(visible(shown.page).contains("No run fits"));
    for (auto* label : shown.page.findChildren<QLabel*>("emptyState"))
      if (label->isVisible()) Q_EMIT label->linkActivated("clear");
    QTRY_COMPARE(shown.rows(), 4);
    shown.table->selectAll();
    shown.page.archive(true);
    QVERIFY(visible(shown.page).contains("archived"));
  }

  void tagsAndNotesAreTypedInPlaceAndUndone() {
    Shown shown(*lab_);
    const auto directory = [&] { return shown.page.shown().front().directory; };
    const auto run = directory();
    QVERIFY(shown.type(0, "tags", "good, paper"));
    QCOMPARE(readAnnotations(run).value().tags, (std::set<std::string>{"good", "paper"}));
    QCOMPARE(shown.text(0, "tags"), QString("good paper"));
    QVERIFY(shown.type(0, "note", " the second try "));
    QCOMPARE(readAnnotations(run).value().note, std::string("the second try"));
    shown.choose("tag:paper");
    QCOMPARE(shown.rows(), 1);
    shown.page.undoStack().undo();
    shown.page.undoStack().undo();
    QCOMPARE(readAnnotations(run).value(), Annotations{});
    QCOMPARE(shown.rows(), 0);
    shown.page.undoStack().redo();
    QCOMPARE(shown.rows(), 1);
    shown.choose("");
    QVERIFY(!shown.type(0, "tags", "-minus"));
    QCOMPARE(shown.failed.count(), 1);
    QVERIFY(!shown.type(0, "seed", "7"));
  }

  void tagsOfManyRunsAtOnce() {
    Shown shown(*lab_);
    shown.table->selectAll();
    QCOMPARE(shown.page.selected().size(), size_t{4});
    shown.page.addTag("batch");
    for (const auto& run : listRuns(lab_->home)) QCOMPARE(run.annotations.tags.count("batch"), size_t{1});
    shown.page.undoStack().undo();  // one step
    for (const auto& run : listRuns(lab_->home)) QVERIFY(run.annotations.tags.empty());
    shown.page.addTag("two words");
    QCOMPARE(shown.failed.count(), 1);
    QVERIFY(!shown.page.undoStack().canRedo() || shown.page.undoStack().redoText() == "tag batch");
  }

  void archivedRunsComeBack() {
    Shown shown(*lab_);
    auto* archived = shown.page.findChild<QToolButton*>("runsArchived");
    QVERIFY(archived->isHidden());
    shown.table->selectRow(0);
    QTest::keyClick(shown.table, Qt::Key_Delete);
    QCOMPARE(shown.rows(), 3);
    QVERIFY(!archived->isHidden());
    QVERIFY(archived->text().contains("1"));
    archived->click();
    QCOMPARE(shown.rows(), 4);
    shown.choose("archived:yes");
    shown.table->selectRow(0);
    QVERIFY(shown.action("runRestore")->isEnabled());
    shown.action("runRestore")->trigger();
    QCOMPARE(shown.rows(), 0);
    shown.choose("");
    archived->click();
    QCOMPARE(shown.rows(), 4);
    shown.page.undoStack().undo();
    shown.page.undoStack().undo();
    for (const auto& run : listRuns(lab_->home)) QVERIFY(!run.annotations.archived);
  }

  void failuresToWriteAreSaid() {
    Shown shown(*lab_);
    std::filesystem::remove_all(shown.page.shown().front().directory);
    shown.type(0, "note", "lost");
    QCOMPARE(shown.failed.count(), 1);
    QVERIFY(shown.text(0, "note").isEmpty());
  }

  void anyParameterCanBeAColumn() {
    Shown shown(*lab_);
    shown.table->selectRow(1);
    const auto chosen = shown.page.selected().front().directory;
    shown.page.setColumns({"run", "batch_size", "hidden_widths", "train_seconds", "no such thing"});
    QCOMPARE(shown.page.columns(), (QStringList{"run", "batch_size", "hidden_widths", "train_seconds"}));
    QCOMPARE(shown.text(0, "batch_size"), QString("100"));
    QCOMPARE(shown.text(0, "hidden_widths"), QString("32,16"));
    QCOMPARE(shown.page.selected().front().directory, chosen);
    for (const auto& column : allRunColumns()) QVERIFY(!column.title().isEmpty());
    const auto layout = shown.page.saveLayout();
    shown.page.setColumns({});
    QVERIFY(shown.page.columns().contains("status"));
    shown.page.restoreLayout(layout);
    QCOMPARE(shown.page.columns().first(), QString("run"));
    shown.page.restoreLayout("\x01\x02 torn");
    shown.page.restoreLayout({});
    QCOMPARE(shown.page.columns().first(), QString("run"));
  }

  void numbersSortAsNumbers() {
    Shown shown(*lab_);
    const int column = static_cast<int>(shown.page.columns().indexOf("update_interval"));
    shown.table->sortByColumn(column, Qt::AscendingOrder);
    QCOMPARE(shown.text(0, "update_interval"), QString("10"));
    shown.table->sortByColumn(column, Qt::DescendingOrder);
    QCOMPARE(shown.text(0, "update_interval"), QString("20"));
  }

  void selectionOutlivesNews() {
    Shown shown(*lab_);
    shown.table->selectRow(2);
    const auto chosen = shown.page.selected().front().directory;
    shown.page.setRuns(listRuns(lab_->home));  // the same runs
    QCOMPARE(shown.page.selected().size(), size_t{1});
    QCOMPARE(shown.page.selected().front().directory, chosen);
    record(*lab_, quickConfig());
    shown.page.setRuns(listRuns(lab_->home));  // one more
    QCOMPARE(shown.rows(), 5);
    QCOMPARE(shown.page.selected().size(), size_t{1});
    QCOMPARE(shown.page.selected().front().directory, chosen);
  }

  void keysActOnTheSelection() {
    Shown shown(*lab_);
    QSignalSpy opened(&shown.page, &RunsPage::opened), compare(&shown.page, &RunsPage::compareWanted);
    QSignalSpy resume(&shown.page, &RunsPage::resumeWanted);
    shown.table->selectRow(1);
    QTest::keyClick(shown.table, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QTest::keyClick(shown.table, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(resume.count(), 0);  // it is done
    QTest::keyClick(shown.table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text().toStdString(), shown.page.selected().front().id);
    QTest::keyClick(shown.table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(compare.count(), 1);
    shown.table->selectAll();
    QVERIFY(!shown.action("runOpen")->isEnabled());
    QVERIFY(shown.page.findChild<QPushButton*>("compareRuns")->text().contains("4"));
    shown.table->clearSelection();
    QVERIFY(!shown.page.findChild<QPushButton*>("compareRuns")->isEnabled());
  }

 private:
  FakeLaboratory recorded_;
  std::unique_ptr<FakeLaboratory> lab_;  ///< a copy that the test may change
};

QTEST_MAIN(TestRunsPage)
#include "tst_runs_page.moc"
