#include "figures/verdict_panel.h"

#include "figures/interval_bar.h"
#include "plots/plot.h"
#include "theme.h"
#include "wording.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

QLabel* words(const QString& text, double size, const QColor& colour, bool bold = false) {
  auto* label = new QLabel;
  label->setTextFormat(Qt::PlainText);
  label->setText(text);
  label->setWordWrap(true);
  label->setFont(scaledFont(size, bold));
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  QPalette palette = label->palette();
  palette.setColor(QPalette::WindowText, colour);
  label->setPalette(palette);
  return label;
}

}  // namespace

QColor verdictColour(lab::Verdict verdict) {
  switch (verdict) {
    case lab::Verdict::Pass:
      return theme().good;
    case lab::Verdict::Fail:
      return theme().bad;
    case lab::Verdict::Undecided:
      break;
  }
  return theme().mutedText;
}

QString verdictText(lab::Verdict verdict) {
  switch (verdict) {
    case lab::Verdict::Pass:
      return VerdictPanel::tr("✓ pass");
    case lab::Verdict::Fail:
      return VerdictPanel::tr("✗ fail");
    case lab::Verdict::Undecided:
      break;
  }
  return VerdictPanel::tr("– undecided");
}

VerdictPanel::VerdictPanel(QWidget* parent) : QScrollArea(parent) {
  setFrameShape(NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
}

void VerdictPanel::setVerdicts(const std::vector<lab::Contrast>& contrasts,
                               const std::vector<lab::ContrastResult>& results, const QString& panelName) {
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(10, 2, 10, 8);
  layout->setSpacing(4);
  for (const lab::Contrast& contrast : contrasts) {
    double reach = 0;  // of its own: contrasts differ in what they compare
    for (const lab::ContrastResult& r : results)
      if (r.name == contrast.name) reach = std::max({reach, std::abs(r.low), std::abs(r.high)});
    layout->addWidget(words(typeset(toQt(contrast.name)), 1, theme().text, true));
    layout->addWidget(words(typeset(toQt(contrast.paper)), .92, theme().mutedText));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(2, 1);
    for (const lab::ContrastResult& result : results)
      if (result.name == contrast.name) addResult(*grid, result, reach, panelName);
    layout->addSpacing(4);
    layout->addLayout(grid);
    layout->addSpacing(14);
  }
  layout->addStretch();
  const int at = verticalScrollBar()->value();
  setWidget(page);  // deletes the page before
  page->setAutoFillBackground(false);
  verticalScrollBar()->setValue(at);
}

void VerdictPanel::addResult(QGridLayout& grid, const lab::ContrastResult& result, double reach,
                             const QString& panelName) {
  const int row = grid.rowCount();
  auto* verdict = words(verdictText(result.verdict), .92, verdictColour(result.verdict), true);
  auto* panel =
      words(QStringLiteral("%1 %2").arg(panelName, QString::fromStdString(result.panel)), .92, theme().text);
  for (QLabel* label : {verdict, panel}) label->setWordWrap(false);
  verdict->setAccessibleName(QString::fromStdString(result.sentence));
  grid.addWidget(panel, row, 0);
  grid.addWidget(verdict, row, 1);
  grid.addWidget(new IntervalBar(result, reach), row, 2);
  grid.addWidget(words(typeset(toQt(result.sentence)), .88, theme().mutedText), row + 1, 0, 1, 3);
  grid.setRowMinimumHeight(row + 2, 4);
}

}  // namespace lab::ui
