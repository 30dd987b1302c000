#pragma once
// A plot or picture with its title, its small controls, and a sentence in its place while there is nothing to
// show.

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QLabel;
class QStackedLayout;
class QToolButton;

namespace lab::ui {

class Exportable;

class Panel : public QFrame {
  Q_OBJECT
 public:
  Panel(const QString& title, QWidget* content, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void setNote(const QString& text);  ///< muted, beside the title
  void setEmptyText(const QString& text);
  void setEmpty(bool empty);
  bool isEmpty() const;

  QString title() const;
  QWidget* content() const;
  void addControl(QWidget* control);  ///< at the right end of the title line
  /// A discreet button with the export actions of what `what` gives when it is pressed.
  void addExportButton(std::function<Exportable*()> what);
  /// The same for one that lives as long as the panel.
  void addExportButton(Exportable* what) {
    addExportButton([what] { return what; });
  }
  /// Gives the title line away, to be shown above the panel, and with it the frame: who takes it draws one around
  /// both.
  QWidget* takeHeader();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void restyle();

  QWidget* header_;
  QLabel *title_, *note_, *emptyText_;
  QHBoxLayout* line_;
  QToolButton* export_ = nullptr;
  QStackedLayout* body_;
  bool framed_ = true;
};

/// The ground of a panel with its rounded border.
void paintFrame(QWidget& of);

}  // namespace lab::ui
