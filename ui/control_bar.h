#pragma once
// The bar on top: what to do, Start / Pause / Stop / Step one update, how far it is, and the engine in use.

#include <QWidget>

class QAction;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QProgressBar;

namespace lab::ui {

class ControlBar : public QWidget {
  Q_OBJECT
 public:
  explicit ControlBar(QWidget* parent = nullptr);

  /// `primary` is drawn as the window's main button.
  void addButton(QAction* action, bool primary = false);

  /// Name of the figure preset, empty for a single run.
  QString experiment() const;
  void setExperiment(const QString& figure);  ///< emits experimentChosen when it changes
  void lockExperiment(bool locked);

  void setProgress(double fraction, const QString& text);
  QString progressText() const;
  void setEngine(const QString& text, const QString& toolTip);
  void setLoad(const QString& text);  ///< of the engine's device; empty: nothing is known

 Q_SIGNALS:
  void progressed(double fraction);
  void experimentChosen(const QString& figure);

 private:
  QHBoxLayout* layout_;
  QHBoxLayout* buttons_;
  QComboBox* chooser_;
  QProgressBar* bar_;
  QLabel* progressText_;
  QLabel* engine_;
  QLabel* load_;
};

}  // namespace lab::ui
