// The page at a moment of its run: what the scrubber points at, on all panels.

#include "live/exploration_panel.h"
#include "live/layer_table.h"
#include "live/live_page.h"
#include "live/mask_panel.h"
#include "live/rs_plot.h"
#include "live/time_plot.h"
#include "live/time_scrubber.h"

#include <QKeyEvent>
#include <QSignalBlocker>

namespace lab::ui {

void LivePage::connectTime() {
  connect(scrubber_, &TimeScrubber::momentChosen, this, &LivePage::showChosenMoment);
  connect(scrubber_, &TimeScrubber::flagWanted, this, &LivePage::setFlag);
}

void LivePage::useReplay(std::shared_ptr<lab::MaskReplay> replay) {
  replay_ = std::move(replay);
  flagStep_ = 0;
  scrubber_->setFlag(0);
  scrubber_->setMoments(0);  // whatever was chosen belongs to another history
  masks_->setReference(nullptr);
  masks_->setReplay(replay_);
  exploration_->setReplay(replay_);
  fitScrubber();
}

void LivePage::setReplay(std::shared_ptr<lab::MaskReplay> replay) {
  if (replay && replay->layerCount() != masks_->thumbnails().size()) return;
  latest_ = nullptr;
  useReplay(std::move(replay));
  showChosenMoment();
}

void LivePage::extendReplay(std::shared_ptr<lab::MaskReplay> replay) {
  if (!replay_ || !replay || replay->layerCount() != masks_->thumbnails().size()) return setReplay(std::move(replay));
  replay_ = std::move(replay);
  masks_->setReplay(replay_);
  exploration_->setReplay(replay_);
  fitScrubber();
  if (scrubber_->atEnd()) showChosenMoment();
}

void LivePage::appendUpdates(const std::vector<lab::TopologyEvent>& updates) {
  if (!replay_ || updates.empty()) return;
  for (const lab::TopologyEvent& update : updates) replay_->append(update);
  fitScrubber();
}

void LivePage::fitScrubber() {
  if (!replay_) {
    scrubber_->setMoments(0);
    return scrubber_->setText(tr("no topology updates yet"));
  }
  const int moments = static_cast<int>(replay_->moments());
  const bool merged = moments < scrubber_->moments();
  scrubber_->setMoments(moments);
  if (merged) {  // moments have become fewer: the same time is at another place
    const QSignalBlocker quiet(scrubber_);
    if (!scrubber_->atEnd() && shown_) scrubber_->goTo(static_cast<int>(replay_->momentAt(shown_->step)));
    scrubber_->setFlag(static_cast<int>(replay_->momentAt(flagStep_)));
  }
  std::vector<TimeScrubber::Mark> marks;
  for (const auto& [step, text] : changes_) marks.push_back({static_cast<int>(replay_->momentAt(step)), text});
  scrubber_->setMarks(std::move(marks));
  if (moments < 2)
    scrubber_->setText(tr("no topology updates yet"));
  else if (shown_)
    scrubber_->setText(momentText(*shown_));
}

void LivePage::setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot) {
  if (!snapshot) return;
  latest_ = std::move(snapshot);
  if (scrubber_->atEnd()) showChosenMoment();
}

void LivePage::showChosenMoment() {
  const bool atEnd = scrubber_->atEnd();
  const auto moment = static_cast<size_t>(scrubber_->moment());
  if (atEnd && latest_)
    showSnapshot(latest_);
  else if (replay_ && moment < replay_->moments())
    showSnapshot(replay_->at(atEnd ? replay_->moments() - 1 : moment));
  const bool past = !atEnd && replay_;
  const auto step = past ? std::optional(static_cast<double>(replay_->step(moment))) : std::nullopt;
  timePlot_->showMoment(step);
  rsPlot_->showMoment(step);
  exploration_->showMoment(past ? std::optional(moment) : std::nullopt);
}

void LivePage::showSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot) {
  shown_ = snapshot;
  layers_->setSnapshot(*snapshot);
  if (scrubber_->moments() > 1) scrubber_->setText(momentText(*snapshot));
  masks_->setSnapshot(std::move(snapshot));
}

void LivePage::setFlag() {
  if (!shown_ || !replay_) return;
  flagStep_ = shown_->step;
  const size_t moment = replay_->momentAt(flagStep_);
  scrubber_->setFlag(static_cast<int>(moment));
  masks_->setReference(moment > 0 ? shown_ : nullptr);
}

QString LivePage::momentText(const lab::MaskSnapshot& snapshot) const {
  const int64_t last = std::max(snapshot.update, replay_ ? replay_->lastUpdate() : 0);
  return tr("update %1 of %2 · step %3")
      .arg(countText(static_cast<double>(snapshot.update)), countText(static_cast<double>(last)),
           countText(static_cast<double>(snapshot.step)));
}

void LivePage::keyPressEvent(QKeyEvent* event) {
  if (!scrubber_->handleKey(event)) QWidget::keyPressEvent(event);
}

bool LivePage::eventFilter(QObject* watched, QEvent* event) {
  if (watched == layers_ && event->type() == QEvent::KeyPress &&
      scrubber_->handleKey(static_cast<QKeyEvent*>(event)))
    return true;
  return QWidget::eventFilter(watched, event);
}

}  // namespace lab::ui
