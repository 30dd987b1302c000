#pragma once
// What each plot shows, by which equation, and where the paper has it.

#include <QString>

namespace lab::ui {

struct PlotHelp {
  QString title, shows, equation, source;
};

/// Of the plot with this export name ("accuracy-rs", "mask-fc1", a figure's name); all empty where there is none.
PlotHelp plotHelp(const QString& exportName);

/// The same as rich text for a small window.
QString plotHelpText(const QString& exportName);

}  // namespace lab::ui
