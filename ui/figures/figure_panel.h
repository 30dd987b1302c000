#pragma once
// What stands on the left when a figure is chosen: what it shows, what Start will do, and how long that takes.

#include "experiments/figures.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;
class QVBoxLayout;

namespace lab::ui {

struct FigureChoice {
  FigureScale scale = FigureScale::Quick;
  int seeds = 0;  ///< 0: as the scale says
  bool dense = false;
  bool operator==(const FigureChoice&) const = default;
};

class FigurePanel : public QWidget {
  Q_OBJECT
 public:
  explicit FigurePanel(QWidget* parent = nullptr);

  void setFigure(const lab::Figure& figure);
  const lab::Figure* figure() const { return figure_; }
  void setScale(FigureScale scale);
  FigureScale scale() const;

  FigureChoice choice() const;
  void setChoice(const FigureChoice& choice);

  /// The grid as chosen; nothing when no figure is set.
  const std::optional<FigureGrid>& grid() const { return grid_; }
  /// Whether the dense network is to be trained as well.
  bool wantsDenseReference() const;
  /// How many cells have been run before and will be reused.
  void setReady(size_t cells);
  void setRunning(bool running);

 Q_SIGNALS:
  void gridChanged();
  void choiceEdited(const lab::ui::FigureChoice& before, const lab::ui::FigureChoice& after);

 private:
  void edited();
  void makeGrid();
  void describe();

  const lab::Figure* figure_ = nullptr;
  std::optional<FigureGrid> grid_;
  FigureChoice choice_;  ///< as it was told last
  size_t ready_ = 0;
  QLabel* title_;
  QLabel* source_;
  QLabel* help_;
  QComboBox* scale_;
  QSpinBox* seeds_;
  QCheckBox* dense_;
  QLabel* plan_;
};

/// A rough guess, in seconds, of training these cells on this machine before anything has been measured.
double guessSeconds(const std::vector<Cell>& cells);

}  // namespace lab::ui
