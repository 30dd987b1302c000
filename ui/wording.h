#pragma once
// Numbers and runs in words, the same everywhere in the window.

#include "parameters/config.h"
#include "training/run_observer.h"

#include <QString>

#include <cstdint>

namespace lab::ui {

QString grouped(int64_t count);                         ///< 12,900
QString percentage(double fraction, int decimals = 1);  ///< 87.3 %
QString durationText(double seconds);                   ///< 4 s, 1 min 05 s, 2 h 10 min
QString typeset(QString text);                          ///< R_s as Rₛ
QString changeText(const RunEvent& change);             ///< Update interval ΔT 100 → 30
QString runTitle(const Config& config);                 ///< mlp · set · 99 % sparse · ΔT 100 · seed 1

}  // namespace lab::ui
