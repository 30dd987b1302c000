#include "desktop/desktop_news.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QVariantMap>

#include <algorithm>

namespace lab::ui {
namespace {

const QString kClick = QStringLiteral("default");  // the action of a click on the notification itself
const QString kDesktopFile = QStringLiteral("io.github.itoplab.ITOPLab");

}  // namespace

void DesktopNews::setEnabled(bool enabled) {
  if (!enabled) idle();
  enabled_ = enabled;
}

void DesktopNews::progress(double fraction) {
  const int hundredths = static_cast<int>(100 * std::clamp(fraction, 0.0, 1.0));
  if (enabled_ && hundredths != told_) tellProgress(hundredths);
}

void DesktopNews::idle() {
  if (told_ >= 0) tellProgress(-1);
}

void DesktopNews::tellProgress(int hundredths) {
  told_ = hundredths;
  // What task bars and docks listen to, whatever its name says.
  auto message =
      QDBusMessage::createSignal(QStringLiteral("/io/github/itoplab/ITOPLab"),
                                 QStringLiteral("com.canonical.Unity.LauncherEntry"), QStringLiteral("Update"));
  message << QStringLiteral("application://%1.desktop").arg(kDesktopFile)
          << QVariantMap{{QStringLiteral("progress"), std::max(0, hundredths) / 100.0},
                         {QStringLiteral("progress-visible"), hundredths >= 0}};
  options_.send(message);
}

void DesktopNews::ended(const QString& title, const QString& text, double seconds, bool looking) {
  if (!enabled_ || looking || seconds < options_.longSeconds) return;
  auto message = QDBusMessage::createMethodCall(
      QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
      QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
  message << QGuiApplication::applicationDisplayName() << uint(0) << kDesktopFile << title << text
          << QStringList{kClick, QCoreApplication::translate("DesktopNews", "Show")}
          << QVariantMap{{QStringLiteral("desktop-entry"), kDesktopFile}} << -1;
  listen();
  options_.ask(message, [shown = std::weak_ptr(shown_)](const QDBusMessage& answer) {
    const auto numbers = shown.lock();
    if (numbers && !answer.arguments().isEmpty()) numbers->insert(answer.arguments().constFirst().toUInt());
  });
}

/// All programs hear of a click; only those on notifications of our own are meant.
void DesktopNews::listen() {
  if (listener_) return;
  listener_ = options_.listen([this](uint number, const QString& action) {
    if (action == kClick && shown_->contains(number)) clicked_();
  });
}

}  // namespace lab::ui
