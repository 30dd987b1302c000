#pragma once
// Layouts as they are kept between sessions: with a version and a checksum, so that what is torn, foreign or of
// another version is known before Qt reads it.

#include <QByteArray>

#include <optional>

namespace lab::ui {

QByteArray sealed(const QByteArray& layout, int version);
/// Nothing unless it is whole and of this version.
std::optional<QByteArray> unsealed(const QByteArray& bytes, int version);

}  // namespace lab::ui
