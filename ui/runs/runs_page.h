#pragma once
// All stored runs: found by a filter, tagged, put away, opened, resumed, compared, exported.

#include "store/run_reader.h"

#include <QTimer>
#include <QUndoStack>
#include <QWidget>

#include <filesystem>
#include <vector>

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace lab::ui {

struct AnnotationChange;
class RunsModel;
class RunsOrder;

class RunsPage : public QWidget {
  Q_OBJECT
 public:
  explicit RunsPage(QWidget* parent = nullptr);
  ~RunsPage() override;

  void setRuns(std::vector<StoredRun> runs);  ///< keeps selection, order and filter
  const std::vector<StoredRun>& runs() const;
  std::vector<StoredRun> selected() const;  ///< from top to bottom
  std::vector<StoredRun> shown() const;     ///< those that fit the filter, from top to bottom
  QTableView* table() const { return table_; }
  /// Where nothing is selected yet.
  void select(const std::vector<std::filesystem::path>& directories);

  void setFilter(const QString& text);
  void setColumns(const QStringList& keys);
  QStringList columns() const;
  void setBusy(bool busy);  ///< a run is under way in this window: nothing else can be resumed

  /// Of tags, notes and the archive.
  QUndoStack& undoStack() { return undo_; }
  void addTag(const QString& tag);
  void removeTag(const QString& tag);
  void archive(bool away);
  /// Asks for a folder and hands the selected runs, or all shown, to exportWanted.
  void openExport();

  QByteArray saveLayout() const;
  void restoreLayout(const QByteArray& layout);  ///< what cannot be read is left out

 Q_SIGNALS:
  void opened(const std::filesystem::path& directory);
  void resumeWanted(const std::filesystem::path& directory);
  void parametersWanted(const lab::Config& config);
  void compareWanted();
  void exportWanted(const std::vector<lab::StoredRun>& runs, const std::filesystem::path& folder);
  void selectionChanged();
  void undoChanged();
  void removed();  ///< runs went to the trash
  void failed(const QString& sentence);

 private:
  struct Actions {
    QAction *open, *resume, *compare, *use, *tag, *note, *archive, *restore, *exportRuns, *copy, *folder, *trash;
  };

  // runs_page.cpp
  void build();
  void applyFilter();
  void showCount();
  std::vector<StoredRun> runsOf(const QModelIndexList& indexes) const;

  // runs_page_actions.cpp
  void makeActions();
  void updateActions();
  void showMenu(const QPoint& place);
  void fillColumnMenu();
  void openCurrent();
  void askForTag();
  void editNote();
  void showFolder();
  void moveToTrash();
  template <class Change>
  void annotate(const QString& text, Change change);
  void push(const QString& text, std::vector<AnnotationChange> changes);
  void write(const std::filesystem::path& directory, const Annotations& annotations);

  RunsModel* model_;
  RunsOrder* order_;
  QTableView* table_;
  QLineEdit* filter_;
  QLabel* problem_;
  QLabel* count_;
  QLabel* empty_;
  QLabel* nothingFits_;
  QToolButton* archived_;
  QToolButton* columnsButton_;
  QPushButton* compareButton_;
  QMenu* columnMenu_;
  QStackedLayout* stack_;
  Actions actions_{};
  QUndoStack undo_;
  QTimer filterSoon_;  ///< half-typed terms do not make the list flicker
  std::string sortKey_ = "started";
  bool busy_ = false;
};

}  // namespace lab::ui
