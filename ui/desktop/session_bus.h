#pragma once
// The desktop's own bus, where there is one. Nothing here waits for an answer.

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace lab::ui {

std::optional<QDBusConnection> sessionBus();

void sendToSessionBus(const QDBusMessage& message);

using BusAnswer = std::function<void(const QDBusMessage&)>;
/// A method call; `answer` is called when one comes, and not for an error.
void askSessionBus(const QDBusMessage& call, BusAnswer answer);

using NotificationAction = std::function<void(uint number, const QString& action)>;
/// Calls `acted` whenever somebody acts on a notification of any program, as long as the result lives; null where
/// there is no bus.
std::unique_ptr<QObject> listenToNotifications(NotificationAction acted);

}  // namespace lab::ui
