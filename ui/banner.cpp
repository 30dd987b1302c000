#include "banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include <utility>

namespace lab::ui {

Banner::Banner(QWidget* parent) : QFrame(parent), label_(new QLabel(this)), buttons_(new QHBoxLayout) {
  setObjectName(QStringLiteral("banner"));
  label_->setWordWrap(true);
  label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* close = new QToolButton(this);
  close->setObjectName(QStringLiteral("closeBanner"));
  close->setText(QStringLiteral("✕"));
  close->setAutoRaise(true);
  close->setFocusPolicy(Qt::TabFocus);
  close->setAccessibleName(tr("Close the message"));
  connect(close, &QToolButton::clicked, this, [this] {
    hide();
    if (const auto dismissed = std::exchange(dismissed_, {})) dismissed();
  });
  buttons_->setSpacing(6);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 8, 8, 8);
  layout->addWidget(label_, 1);
  layout->addLayout(buttons_);
  layout->addWidget(close, 0, Qt::AlignTop);
  hide();
}

void Banner::tell(const QString& problem, const std::vector<Choice>& choices) {
  dismissed_ = {};
  show(problem, true, choices);
}

void Banner::offer(const QString& sentence, const std::vector<Choice>& choices, std::function<void()> dismissed) {
  dismissed_ = std::move(dismissed);
  show(sentence, false, choices);
}

void Banner::show(const QString& sentence, bool isProblem, const std::vector<Choice>& choices) {
  while (auto* item = buttons_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();  // it may be what was clicked
    delete item;
  }
  for (const auto& choice : choices) {
    auto* button = new QPushButton(choice.text, this);
    connect(button, &QPushButton::clicked, this, [this, act = choice.act] {
      hide();
      dismissed_ = {};
      act();
    });
    buttons_->addWidget(button);
  }
  setProperty("offer", !isProblem);
  style()->unpolish(this);
  style()->polish(this);
  label_->setText(sentence);
  setAccessibleName(sentence);
  QFrame::show();
}

QString Banner::text() const { return label_->text(); }

}  // namespace lab::ui
