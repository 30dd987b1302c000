#pragma once
// The key to mask pictures: from nothing over the layer's mean to three times it.

#include <QWidget>

namespace lab::ui {

class DensityKey : public QWidget {
 public:
  explicit DensityKey(QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace lab::ui
