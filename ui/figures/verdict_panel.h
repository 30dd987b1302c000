#pragma once
// What the paper says must be seen, and whether it is.

#include "experiments/figures.h"

#include <QColor>
#include <QScrollArea>

#include <vector>

class QGridLayout;

namespace lab::ui {

QColor verdictColour(lab::Verdict verdict);
QString verdictText(lab::Verdict verdict);

class VerdictPanel : public QScrollArea {
  Q_OBJECT
 public:
  explicit VerdictPanel(QWidget* parent = nullptr);

  /// `results` may be empty: then the claims alone are shown.
  void setVerdicts(const std::vector<lab::Contrast>& contrasts, const std::vector<lab::ContrastResult>& results,
                   const QString& panelName);

 private:
  void addResult(QGridLayout& grid, const lab::ContrastResult& result, double reach, const QString& panelName);
};

}  // namespace lab::ui
