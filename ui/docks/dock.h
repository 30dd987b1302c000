#pragma once
// A panel that can be moved, floated and hidden. Its title line is the handle; a small menu there says the rest.

#include <QDockWidget>

class QMainWindow;

namespace lab::ui {

class Panel;

class Dock : public QDockWidget {
  Q_OBJECT
 public:
  /// A card stands apart from its neighbours; an edge fills its side of the window.
  enum class Look { Card, Edge };

  /// `name` is what layouts remember.
  Dock(const QString& name, Panel* panel, Look look, QMainWindow* window);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void addMenu(Panel* panel);
  void paintEdge();

  Look look_;
};

}  // namespace lab::ui
