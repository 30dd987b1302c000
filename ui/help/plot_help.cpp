#include "help/plot_help.h"

#include "experiments/figures.h"
#include "parameters/value_field.h"
#include "wording.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace lab::ui {
namespace {

struct Row {
  const char* name;  ///< export name, or its part before the first dash
  const char* title;
  const char* shows;
  const char* equation;
  const char* source;
};

constexpr const char* kRsText =
    "R<sub>s</sub>(t) = |⋃<sub>τ ≤ t</sub> M(τ)| / N<br>"
    "M(τ): the active weights at step τ; N: all weights that may be active";

constexpr Row kRows[] = {
    {"accuracy-rs", QT_TRANSLATE_NOOP("PlotHelp", "Accuracy against Rₛ"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "The run as a path through time: to the right as more weights have been tried, upwards as the "
         "network learns. Dense and static networks of the same length are drawn for comparison."),
     kRsText, QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), section 3")},
    {"compare-accuracy-rs", QT_TRANSLATE_NOOP("PlotHelp", "Accuracy against Rₛ"),
     QT_TRANSLATE_NOOP("PlotHelp",
                       "The selected runs as paths through time. Runs that differ in nothing but the seed can be "
                       "joined: the line is their mean, the band one standard deviation."),
     kRsText, QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), section 3")},
    {"curves", QT_TRANSLATE_NOOP("PlotHelp", "Curves over steps"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "Accuracy, loss and exploration over optimizer steps, and the changes made on the way. Smoothed "
         "lines have the measured ones as their shadow."),
     "R<sub>rel</sub>(k) = |{i : longest life of i ≥ k}| / N, R<sub>rel</sub>(0) = R<sub>s</sub><br>"
     "smoothed: s<sub>t</sub> = α s<sub>t−1</sub> + (1 − α) x<sub>t</sub>, shown as s<sub>t</sub> / (1 − "
     "α<sup>t</sup>)",
     QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), sections 3 and 3.3")},
    {"compare-curves", QT_TRANSLATE_NOOP("PlotHelp", "Curves over steps"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "One quantity of the selected runs over optimizer steps; joined seeds are a mean with a band "
         "of one standard deviation."),
     "x̄ = Σ x<sub>i</sub> / n, s² = Σ (x<sub>i</sub> − x̄)² / (n − 1)",
     QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), sections 3 and 3.3")},
    {"topology", QT_TRANSLATE_NOOP("PlotHelp", "Topology over steps"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "How the connections move: the norm of the gradient, and how many of the first connections the "
         "network still has, whole and by layer."),
     "|M(t) ∩ M(0)| / |M(t)|, and ‖∇L‖ = √(Σ g<sub>i</sub>²)",
     QT_TRANSLATE_NOOP("PlotHelp",
                       "Topological distance: Liu et al., ECML PKDD 2020; gradient flow: Evci et al., AAAI 2022")},
    {"exploration", QT_TRANSLATE_NOOP("PlotHelp", "Exploration timeline"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "What share of the weights has never been active, was explored and dropped, is active since "
         "the start, active and reliable, or active and young. Its upper edge of explored weights is Rₛ."),
     kRsText, QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), sections 3 and 3.3")},
    {"lives", QT_TRANSLATE_NOOP("PlotHelp", "Lives of sampled weights"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "A row is a weight, a bar one of its lives: from its growth to its drop. Coloured bars lasted "
         "long enough to count as reliably explored."),
     QT_TRANSLATE_NOOP("PlotHelp", "reliable: life ≥ k steps, k = reliable_steps"),
     QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), section 3.3")},
    {"survival", QT_TRANSLATE_NOOP("PlotHelp", "Survival of grown connections"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "What share of the grown connections reaches an age. Those that are still active count up to "
         "their age. The mark is the age at which exploration counts as reliable."),
     "S(a) = Π<sub>aᵢ ≤ a</sub> (1 − d<sub>i</sub> / n<sub>i</sub>)<br>"
     "d<sub>i</sub> lives ended at age a<sub>i</sub>, n<sub>i</sub> had reached it",
     QT_TRANSLATE_NOOP("PlotHelp", "Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958; ITOP, section 3.3")},
    {"masks", QT_TRANSLATE_NOOP("PlotHelp", "Masks of all layers"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "Which connections are active. A place is shaded by how densely it is connected; zoomed in, "
         "single connections appear. Rows are the units of a layer, columns their inputs; lines at the "
         "edges are row and column sums, where units without connections are marked."),
     "d<sub>block</sub> = |M ∩ block| / |block|",
     QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), section 3")},
    {"mask", QT_TRANSLATE_NOOP("PlotHelp", "Mask of one layer"),
     QT_TRANSLATE_NOOP("PlotHelp",
                       "Which connections of this layer are active. Zoom in until single ones appear, with their "
                       "indices, weight and lives. Rows are the units of the layer, columns their inputs; of "
                       "convolutions a cell is a kernel."),
     "d<sub>block</sub> = |M ∩ block| / |block|",
     QT_TRANSLATE_NOOP("PlotHelp", "ITOP (Liu et al., ICML 2021), section 3")},
    {"sweep", QT_TRANSLATE_NOOP("PlotHelp", "Results of a sweep"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "Test accuracy over the first axis of the sweep, a line for each combination of the others, with "
         "one standard deviation over seeds; or, of two axes, its mean as a heatmap."),
     "x̄ = Σ x<sub>i</sub> / n, s² = Σ (x<sub>i</sub> − x̄)² / (n − 1)",
     QT_TRANSLATE_NOOP("PlotHelp", "As the figures of ITOP (Liu et al., ICML 2021), section 4")},
    {"parallel", QT_TRANSLATE_NOOP("PlotHelp", "Parallel coordinates"),
     QT_TRANSLATE_NOOP(
         "PlotHelp",
         "A line is a run, an axis a parameter or a result; the colour is its test accuracy. Drag along "
         "an axis to keep only the runs that pass there, double-click to let all pass."),
     QT_TRANSLATE_NOOP("PlotHelp", "place of x on its axis: (x − least) / (greatest − least)"),
     QT_TRANSLATE_NOOP("PlotHelp", "Inselberg, The Visual Computer 1, 1985")},
};

QString said(const char* text) { return QCoreApplication::translate("PlotHelp", text); }

PlotHelp helpOfFigure(const lab::Figure& figure) {
  const QString verdict =
      figure.secondPlot == SecondPlot::RankCorrelation
          ? QStringLiteral("ρ = Spearman's rank correlation of R<sub>rel</sub>(k) and test accuracy")
          : QString::fromUtf8(kRsText);
  return {toQt(figure.title), toQt(figure.help), verdict, toQt(figure.source)};
}

}  // namespace

PlotHelp plotHelp(const QString& exportName) {
  if (const auto* figure = findFigure(exportName.toStdString())) return helpOfFigure(*figure);
  const auto called = [](const QString& name) {
    return std::ranges::find_if(kRows, [&](const Row& row) { return name == QLatin1String(row.name); });
  };
  auto row = called(exportName);
  if (row == std::end(kRows)) row = called(exportName.section(u'-', 0, 0));
  if (row == std::end(kRows)) return {};
  return {said(row->title), said(row->shows), said(row->equation), said(row->source)};
}

QString plotHelpText(const QString& exportName) {
  const PlotHelp help = plotHelp(exportName);
  if (help.title.isEmpty()) return {};
  return QStringLiteral("<h4>%1</h4><p>%2</p><p><i>%3</i></p><p><small>%4</small></p>")
      .arg(help.title.toHtmlEscaped(), typeset(help.shows).toHtmlEscaped(), help.equation,
           help.source.toHtmlEscaped());
}

}  // namespace lab::ui
