#pragma once
// A plot or picture with its title, its small controls, and a sentence in its place while there is nothing to
// show.

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QLabel;
class QStackedLayout;

namespace lab::ui {

class Exportable;

inline constexpr int kPanelGap = 8;  ///< pixels between panels

class Panel : public QFrame {
  Q_OBJECT
 public:
  Panel(const QString& title, QWidget* content, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void setNote(const QString& text);  ///< muted, beside the title
  void setEmptyText(const QString& text);
  void setEmpty(bool empty);
  bool isEmpty() const;

  void addControl(QWidget* control);  ///< at the right end of the title line
  /// Discreet buttons: help on what `what` gives when one is pressed, and its export actions.
  void addExportButton(std::function<Exportable*()> what);
  /// The same for one that lives as long as the panel.
  void addExportButton(Exportable* what) {
    addExportButton([what] { return what; });
  }

 protected:
  bool event(QEvent* event) override;  ///< What's This
  void paintEvent(QPaintEvent* event) override;

 private:
  void restyle();
  void nameButtons();
  void addHelpButton();
  void showHelp(const QPoint& globalPlace);

  std::function<Exportable*()> shown_;
  QLabel *title_, *note_, *emptyText_;
  QHBoxLayout* header_;
  QStackedLayout* body_;
};

}  // namespace lab::ui
