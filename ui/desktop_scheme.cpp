#include "desktop_scheme.h"

#include "desktop/session_bus.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace lab::ui {

namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");

/// Read() wraps the value in one variant more than the signal does.
QVariant unwrapped(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value;
}

}  // namespace

DesktopScheme::DesktopScheme(QObject* parent) : QObject(parent) {
  auto bus = sessionBus();
  if (!bus) return;
  bus->connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
              SLOT(onSettingChanged(QString, QString, QDBusVariant)));
  ask();
}

void DesktopScheme::ask() {
  QDBusMessage message = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
  message << kSpace << kKey;
  auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
    const QDBusPendingReply<QDBusVariant> reply = *done;
    if (reply.isValid()) set(reply.value().variant());
    done->deleteLater();
  });
}

void DesktopScheme::onSettingChanged(const QString& space, const QString& key, const QDBusVariant& value) {
  if (space == kSpace && key == kKey) set(value.variant());
}

void DesktopScheme::set(const QVariant& value) {
  const uint scheme = unwrapped(value).toUInt();  // 0 no preference, 1 dark, 2 light
  const std::optional<bool> dark = scheme == 1 || scheme == 2 ? std::optional(scheme == 1) : std::nullopt;
  if (dark == prefersDark_) return;
  prefersDark_ = dark;
  Q_EMIT changed();
}

}  // namespace lab::ui
