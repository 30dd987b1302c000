#pragma once
// The values under the cursor, on a small card beside it.

#include <QLabel>

namespace lab::ui {

class HoverCard : public QLabel {
 public:
  explicit HoverCard(QWidget* parent);

  /// A heading and rows of (colour, name, value); an invalid colour leaves the swatch out.
  struct Row {
    QColor colour;
    QString name, value;
  };
  void showAt(QPoint cursor, const QString& heading, const QList<Row>& rows);

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace lab::ui
