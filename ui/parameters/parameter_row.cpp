#include "parameters/parameter_row.h"

#include "wording.h"

#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSizePolicy>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kFieldWidth = 150;

QString toolTipOf(const Parameter& parameter) {
  QString text = QStringLiteral("<p>%1</p><p><code>%2</code>: %3.</p>")
                     .arg(typeset(toQt(parameter.help)).toHtmlEscaped(), toQt(parameter.key),
                          toQt(allowedText(parameter)).toHtmlEscaped());
  if (parameter.takesEffect == TakesEffect::NextUpdate)
    text += QObject::tr("<p>Can be changed during a run: takes effect at the next topology update.</p>");
  if (parameter.takesEffect == TakesEffect::NextEpoch)
    text += QObject::tr("<p>Can be changed during a run: takes effect at the next epoch.</p>");
  return text;
}

}  // namespace

ParameterRow::ParameterRow(const Parameter& parameter, QWidget* parent)
    : QWidget(parent),
      grid_(new QGridLayout(this)),
      label_(new QLabel(toQt(parameter.label), this)),
      field_(makeValueField(parameter, this)),
      parameter_(parameter),
      reset_(new QToolButton(this)),
      message_(new QLabel(this)) {
  setObjectName(toQt(parameter.key));
  setToolTip(toolTipOf(parameter));
  setWhatsThis(QStringLiteral("<h4>%1</h4>").arg(toQt(parameter.label)) + toolTipOf(parameter));
  field_->setFixedWidth(kFieldWidth);
  field_->focusProxy()->setAccessibleName(toQt(parameter.label));
  field_->focusProxy()->setAccessibleDescription(toQt(parameter.help));
  label_->setBuddy(field_->focusProxy());
  label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

  reset_->setText(QStringLiteral("↺"));
  reset_->setAutoRaise(true);
  reset_->setFocusPolicy(Qt::NoFocus);
  reset_->setFixedSize(22, 22);
  reset_->setAccessibleName(tr("Reset %1 to its default").arg(toQt(parameter.label)));
  auto policy = reset_->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  reset_->setSizePolicy(policy);
  reset_->hide();

  message_->setObjectName(QStringLiteral("problem"));
  message_->setWordWrap(true);
  message_->hide();

  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(4);
  grid_->setVerticalSpacing(2);
  grid_->addWidget(label_, 0, 0);
  grid_->addWidget(reset_, 0, 1);
  grid_->addWidget(field_, 0, 2);
  grid_->addWidget(message_, 3, 0, 1, 3);
  grid_->setColumnStretch(0, 1);

  connect(field_, &ValueField::edited, this, &ParameterRow::edited);
  connect(field_, &ValueField::settled, this, &ParameterRow::settled);
  connect(reset_, &QToolButton::clicked, this, &ParameterRow::resetRequested);
}

QString ParameterRow::problem() const { return message_->text(); }

void ParameterRow::setValue(const QString& text, const QString& defaultText) {
  field_->show(text);
  modified_ = text != defaultText;
  reset_->setVisible(modified_ && field_->isEnabled());
  reset_->setToolTip(tr("Back to %1").arg(defaultText.isEmpty() ? tr("nothing") : defaultText));
}

void ParameterRow::setProblem(const QString& sentence) {
  if (sentence == message_->text()) return;
  message_->setText(sentence);
  message_->setVisible(!sentence.isEmpty());
  field_->setInvalid(!sentence.isEmpty());
}

void ParameterRow::setUnavailable(const QString& reason) {
  const bool available = reason.isEmpty();
  field_->setEnabled(available);
  label_->setEnabled(available);
  reset_->setVisible(modified_ && available);
  setToolTip(available ? toolTipOf(parameter_)
                       : QStringLiteral("<p><b>%1</b></p>").arg(reason.toHtmlEscaped()) + toolTipOf(parameter_));
}

Dial::Dial(const Parameter& parameter, std::vector<double> stops, QWidget* parent)
    : ParameterRow(parameter, parent),
      stops_(std::move(stops)),
      slider_(new QSlider(Qt::Horizontal, this)),
      note_(new QLabel(this)) {
  auto bold = label_->font();
  bold.setWeight(QFont::DemiBold);
  label_->setFont(bold);
  field_->setFixedWidth(104);
  slider_->setRange(0, static_cast<int>(stops_.size()) - 1);
  slider_->setPageStep(3);
  slider_->setAccessibleName(toQt(parameter.label));
  slider_->setAccessibleDescription(toQt(parameter.help));
  ignoreWheelWithoutFocus(slider_);
  note_->setObjectName(QStringLiteral("note"));
  note_->setWordWrap(true);
  note_->hide();
  grid_->addWidget(slider_, 1, 0, 1, 3);
  grid_->addWidget(note_, 2, 0, 1, 3);
  connect(slider_, &QSlider::valueChanged, this, [this](int stop) {
    const auto text = QString::number(stops_[static_cast<size_t>(stop)], 'g', 6);
    field_->show(text);
    Q_EMIT edited(text);
    if (!slider_->isSliderDown()) Q_EMIT settled();
  });
  connect(slider_, &QSlider::sliderReleased, this, &ParameterRow::settled);
}

void Dial::setNote(const QString& text) {
  note_->setText(text);
  note_->setVisible(!text.isEmpty());
}

QString Dial::note() const { return note_->text(); }

void Dial::setValue(const QString& text, const QString& defaultText) {
  ParameterRow::setValue(text, defaultText);
  bool isNumber = false;
  const double value = text.toDouble(&isNumber);
  if (!isNumber || value <= 0) return;
  const auto nearest = std::ranges::min_element(
      stops_, {}, [value](double stop) { return std::abs(std::log(stop) - std::log(value)); });
  const QSignalBlocker quiet(slider_);
  slider_->setValue(static_cast<int>(nearest - stops_.begin()));
}

void Dial::setUnavailable(const QString& reason) {
  ParameterRow::setUnavailable(reason);
  slider_->setEnabled(reason.isEmpty());
}

}  // namespace lab::ui
