#pragma once
// The key to a picture's colours: a small scale with its ends named.

#include "plots/colour_maps.h"

#include <QWidget>

namespace lab::ui {

class ColourKey : public QWidget {
 public:
  using Colours = const ColourTable& (*)(bool dark);

  explicit ColourKey(QWidget* parent = nullptr);
  void setScale(const QString& low, const QString& high, Colours colours, const QString& help);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {0, 0}; }  ///< without room for all of it there is none of it

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString low_, high_;
  Colours colours_ = densityColours;
};

}  // namespace lab::ui
