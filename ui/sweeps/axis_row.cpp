#include "sweeps/axis_row.h"

#include "parameters/parameter_table.h"
#include "parameters/value_field.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace lab::ui {

namespace {

constexpr qsizetype kPreviewCharacters = 60;

QString previewOf(const lab::Axis& axis) {
  QStringList labels;
  for (const auto& value : axis.values) labels << QString::fromStdString(value.label);
  QString text = labels.join(QStringLiteral(", "));
  if (text.size() > kPreviewCharacters) text = text.left(kPreviewCharacters) + QStringLiteral("…");
  return AxisRow::tr("%n values: %1", nullptr, static_cast<int>(axis.values.size())).arg(text);
}

}  // namespace

AxisRow::AxisRow(const QString& key, const QString& values, QWidget* parent)
    : QWidget(parent),
      parameter_(new QComboBox(this)),
      values_(new QLineEdit(values, this)),
      preview_(new QLabel(this)) {
  for (const lab::Parameter& row : lab::parameters())
    if (row.affectsResults && row.key != "seed") parameter_->addItem(toQt(row.label), toQt(row.key));
  parameter_->setCurrentIndex(std::max(0, parameter_->findData(key)));
  parameter_->setAccessibleName(tr("Swept parameter"));
  parameter_->setObjectName(QStringLiteral("axisParameter"));
  ignoreWheelWithoutFocus(parameter_);
  values_->setObjectName(QStringLiteral("axisValues"));
  values_->setAccessibleName(tr("Values of the swept parameter"));
  values_->setPlaceholderText(tr("10, 30, 100"));
  values_->setToolTip(
      tr("10,30,100: these values. 1..1000/4: so many from one to the other, spaced as suits the parameter. "
         "random:1..1000/8: so many random ones."));
  leaveUndoToTheWindow(values_);
  preview_->setObjectName(QStringLiteral("muted"));
  preview_->setWordWrap(true);
  auto* remove = new QToolButton(this);
  remove->setText(QStringLiteral("×"));
  remove->setAutoRaise(true);
  remove->setAccessibleName(tr("Remove this axis"));
  remove->setToolTip(tr("Remove this axis"));

  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setVerticalSpacing(2);
  layout->addWidget(parameter_, 0, 0);
  layout->addWidget(values_, 0, 1);
  layout->addWidget(remove, 0, 2);
  layout->addWidget(preview_, 1, 1, 1, 2);
  layout->setColumnStretch(0, 2);
  layout->setColumnStretch(1, 3);

  connect(parameter_, &QComboBox::currentIndexChanged, this, &AxisRow::read);
  connect(values_, &QLineEdit::textChanged, this, &AxisRow::read);
  connect(remove, &QToolButton::clicked, this, &AxisRow::removed);
  read();
}

QString AxisRow::key() const { return parameter_->currentData().toString(); }

QString AxisRow::values() const { return values_->text(); }

void AxisRow::read() {
  QString text = values_->text();
  if (key() != QStringLiteral("hidden_widths")) text.remove(u' ');
  auto axis = lab::parseAxis(key().toStdString(), text.toStdString());
  axis_.reset();
  if (axis) axis_ = axis.take();
  preview_->setText(axis_            ? previewOf(*axis_)
                    : text.isEmpty() ? tr("Give values, such as 10,30,100 or 1..1000/4")
                                     : QString::fromStdString(lab::describe(axis.problems())));
  Q_EMIT changed();
}

}  // namespace lab::ui
