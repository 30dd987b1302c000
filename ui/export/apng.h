#pragma once
// Animated PNG: a PNG whose further pictures lie in chunks that other readers skip
// (https://wiki.mozilla.org/APNG_Specification).

#include <QByteArray>
#include <QImage>

#include <functional>

namespace lab::ui {

/// `frame(i)` for i < frames, all of one size and format, each shown for `milliseconds` (1..65535), over and over.
/// `goOn(i)` is asked before each; false ends it, and the result is empty. frames >= 1.
QByteArray apngBytes(int frames, int milliseconds, const std::function<QImage(int)>& frame,
                     const std::function<bool(int)>& goOn);

}  // namespace lab::ui
