#pragma once
// The desktop's own bus, where there is one.

#include <QDBusConnection>

#include <optional>

namespace lab::ui {

std::optional<QDBusConnection> sessionBus();

}  // namespace lab::ui
