#include "plots/choice_bar.h"

#include "plots/plot.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

namespace lab::ui {

ChoiceBar::ChoiceBar(const QStringList& choices, int current, QWidget* parent) : QWidget(parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  group_ = new QButtonGroup(this);
  for (int i = 0; i < choices.size(); ++i) {
    auto* button = new QToolButton;
    button->setText(choices[i]);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setChecked(i == current);
    button->setFont(scaledFont(.88));
    group_->addButton(button, i);
    layout->addWidget(button);
  }
  connect(group_, &QButtonGroup::idClicked, this, &ChoiceBar::chosen);
}

void ChoiceBar::setCurrent(int index) { group_->button(index)->setChecked(true); }

}  // namespace lab::ui
