#include "device_watch.h"

#include "wording.h"

#include <utility>

namespace lab::ui {

QString loadText(const DeviceLoad& load) {
  const auto gibibytes = [](uint64_t bytes) { return QString::number(static_cast<double>(bytes) / (1 << 30), 'f', 1); };
  QString text = DeviceWatch::tr("%1 of %2 GiB").arg(gibibytes(load.usedBytes), gibibytes(load.totalBytes));
  if (load.utilisation) text += DeviceWatch::tr(" · %1 busy").arg(percentage(*load.utilisation, 0));
  return text;
}

DeviceWatch::DeviceWatch(Background& background, QObject* parent) : QObject(parent), background_(background) {
  timer_.setInterval(kMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &DeviceWatch::ask);
}

void DeviceWatch::setReading(Reading reading) {
  reading_ = std::move(reading);
  update();
}

void DeviceWatch::setOn(bool on) {
  if (on == on_) return;
  on_ = on;
  update();
}

void DeviceWatch::update() {
  ++wanted_;
  if (on_ && reading_) {
    timer_.start();
    return ask();
  }
  timer_.stop();
  Q_EMIT said({});
}

void DeviceWatch::ask() {
  background_.run("device load", reading_, [this, asked = wanted_](const std::optional<DeviceLoad>& load) {
    if (asked == wanted_) Q_EMIT said(load ? loadText(*load) : QString());
  });
}

}  // namespace lab::ui
