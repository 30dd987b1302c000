#include "live/time_scrubber.h"

#include "live/moment_slider.h"
#include "plots/plot.h"
#include "plots/sign_icon.h"
#include "theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

namespace lab::ui {

namespace {
constexpr int kSpeeds[] = {2, 5, 10, 20, 60, 300};
constexpr int kUsualSpeed = 2;          ///< which of them
constexpr int kMostFramesASecond = 30;  ///< faster ones leave moments out
}  // namespace

TimeScrubber::TimeScrubber(QWidget* parent)
    : QWidget(parent), slider_(new MomentSlider), speed_(new QComboBox), text_(new QLabel) {
  setAccessibleName(tr("Time"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(6, 0, 6, 0);
  layout->setSpacing(2);
  back_ = addButton(QStringLiteral("scrubBack"), tr("Back by one update (Left)"));
  play_ = addButton(QStringLiteral("scrubPlay"), tr("Play the run from here"));
  forward_ = addButton(QStringLiteral("scrubForward"), tr("On by one update (Right)"));
  slider_->setObjectName(QStringLiteral("scrubber"));
  slider_->setAccessibleName(tr("Topology update shown"));
  slider_->installEventFilter(this);
  layout->addWidget(slider_, 1);
  layout->addSpacing(6);
  text_->setFont(scaledFont(.92));
  text_->setObjectName(QStringLiteral("scrubText"));
  text_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  layout->addWidget(text_);
  layout->addSpacing(6);
  for (const int speed : kSpeeds) speed_->addItem(tr("%1 / s").arg(speed));
  speed_->setCurrentIndex(kUsualSpeed);
  speed_->setAccessibleName(tr("Speed in updates a second"));
  speed_->setToolTip(speed_->accessibleName());
  layout->addWidget(speed_);
  flag_ = addButton(QStringLiteral("scrubFlag"), {});
  end_ = addButton(QStringLiteral("scrubEnd"), {});
  end_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  connect(slider_, &QSlider::valueChanged, this, [this] {
    atEnd_ = slider_->value() == slider_->maximum();
    updateButtons();
    Q_EMIT momentChosen(slider_->value());
  });
  connect(slider_, &QSlider::sliderPressed, this, [this] { setPlaying(false); });
  connect(back_, &QToolButton::clicked, this, [this] { stepBy(-1); });
  connect(forward_, &QToolButton::clicked, this, [this] { stepBy(1); });
  connect(play_, &QToolButton::clicked, this, [this] { setPlaying(!playing()); });
  connect(flag_, &QToolButton::clicked, this, &TimeScrubber::flagWanted);
  connect(end_, &QToolButton::clicked, this, &TimeScrubber::goToEnd);
  connect(&tick_, &QTimer::timeout, this, &TimeScrubber::advance);
  connect(speed_, &QComboBox::currentIndexChanged, this, [this] {
    if (playing()) setPlaying(true);
  });
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &TimeScrubber::restyle);
  setMoments(0);
  setFlag(0);
  restyle();
}

QToolButton* TimeScrubber::addButton(const QString& name, const QString& help) {
  auto* button = new QToolButton;
  button->setObjectName(name);
  button->setAutoRaise(true);
  button->setToolTip(help);
  button->setAccessibleName(help);
  button->setIconSize({18, 18});
  button->setFocusPolicy(Qt::TabFocus);
  layout()->addWidget(button);
  return button;
}

int TimeScrubber::moments() const { return isEnabled() ? slider_->maximum() + 1 : 0; }

int TimeScrubber::moment() const { return slider_->value(); }

int TimeScrubber::speed() const { return kSpeeds[speed_->currentIndex()]; }

void TimeScrubber::setMoments(int count) {
  const QSignalBlocker quiet(slider_);
  const bool stay = atEnd_ || count < 2;
  slider_->setRange(0, std::max(0, count - 1));
  slider_->setPageStep(std::max(1, count / 20));
  if (stay) slider_->setValue(slider_->maximum());
  atEnd_ = slider_->value() == slider_->maximum();
  setEnabled(count > 1);
  if (count < 2) setPlaying(false);
  updateButtons();
  slider_->update();
}

void TimeScrubber::setText(const QString& text) {
  text_->setText(text);
  // Grows and never shrinks, so that the slider does not jump while it plays.
  text_->setMinimumWidth(std::max(text_->minimumWidth(), text_->sizeHint().width()));
}

void TimeScrubber::setFlag(int moment) {
  slider_->setFlag(moment);
  flag_->setToolTip(moment > 0 ? tr("Count changes and survival from the moment shown, in place of the flag")
                               : tr("Count changes and survival from the moment shown, in place of the start"));
  flag_->setAccessibleName(flag_->toolTip());
}

void TimeScrubber::setRunning(bool running) {
  running_ = running;
  end_->setText(running ? tr("Live") : tr("End"));
  end_->setToolTip(running ? tr("Follow the run (End)") : tr("To the end of the run (End)"));
  end_->setAccessibleName(end_->toolTip());
}

void TimeScrubber::goTo(int moment) { slider_->setValue(moment); }

void TimeScrubber::stepBy(int moments) {
  setPlaying(false);
  goTo(slider_->value() + moments);
}

void TimeScrubber::goToEnd() {
  setPlaying(false);
  goTo(slider_->maximum());
}

void TimeScrubber::setPlaying(bool on) {
  if (!on) {
    tick_.stop();
  } else {
    if (!playing() && atEnd_) goTo(0);
    tick_.start(1000 / std::min(speed(), kMostFramesASecond));
  }
  restyle();
}

void TimeScrubber::advance() {
  goTo(slider_->value() + std::max(1, speed() / kMostFramesASecond));
  if (atEnd_) setPlaying(false);
}

bool TimeScrubber::handleKey(QKeyEvent* event) {
  if (!isEnabled() || event->modifiers() & ~Qt::KeypadModifier) return false;
  switch (event->key()) {
    case Qt::Key_Left:
      stepBy(-1);
      return true;
    case Qt::Key_Right:
      stepBy(1);
      return true;
    case Qt::Key_Home:
      setPlaying(false);
      goTo(0);
      return true;
    case Qt::Key_End:
      goToEnd();
      return true;
    default:
      return false;
  }
}

bool TimeScrubber::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress && handleKey(static_cast<QKeyEvent*>(event))) return true;
  return QWidget::eventFilter(watched, event);
}

void TimeScrubber::updateButtons() {
  back_->setEnabled(slider_->value() > 0);
  forward_->setEnabled(!atEnd_);
  end_->setEnabled(!atEnd_);
}

void TimeScrubber::restyle() {
  const QColor colour = theme().text, faint = theme().border;
  back_->setIcon(signIcon(Sign::Back, colour, faint));
  forward_->setIcon(signIcon(Sign::Forward, colour, faint));
  play_->setIcon(signIcon(playing() ? Sign::Pause : Sign::Play, colour, faint));
  play_->setToolTip(playing() ? tr("Stop playing") : tr("Play the run from here"));
  play_->setAccessibleName(play_->toolTip());
  flag_->setIcon(signIcon(Sign::Flag, theme().warning, faint));
  end_->setIcon(signIcon(Sign::End, colour, faint));
  QPalette palette = text_->palette();
  palette.setColor(QPalette::WindowText, theme().mutedText);
  text_->setPalette(palette);
  setRunning(running_);
}

}  // namespace lab::ui
