#include "parameters/section.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace lab::ui {

Section::Section(const QString& title, QWidget* parent)
    : QWidget(parent),
      header_(new QToolButton(this)),
      content_(new QWidget(this)),
      rows_(new QVBoxLayout(content_)) {
  header_->setObjectName(QStringLiteral("sectionHeader"));
  header_->setText(title);
  header_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  header_->setCheckable(true);
  header_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  header_->setFocusPolicy(Qt::TabFocus);
  rows_->setContentsMargins(0, 0, 0, 8);
  rows_->setSpacing(6);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  layout->addWidget(header_);
  layout->addWidget(content_);
  connect(header_, &QToolButton::toggled, this, [this](bool open) {
    header_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    content_->setVisible(open);
  });
  setOpen(true);
}

void Section::add(QWidget* widget) { rows_->addWidget(widget); }

bool Section::isOpen() const { return header_->isChecked(); }

void Section::setOpen(bool open) {
  if (open != isOpen()) header_->setChecked(open);
  header_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
  content_->setVisible(open);
}

}  // namespace lab::ui
