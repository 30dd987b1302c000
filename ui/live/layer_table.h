#pragma once
// The layers in numbers, with what is odd about them.

#include "training/run_observer.h"

#include <QTableWidget>

#include <memory>
#include <vector>

namespace lab::ui {

/// Rows of a layer's weight matrix without any connection: units that see nothing.
int64_t unitsWithoutInput(const lab::Mask& active, const std::vector<int64_t>& shape);

class LayerTable : public QTableWidget {
  Q_OBJECT
 public:
  explicit LayerTable(QWidget* parent = nullptr);

  void startRun(const std::vector<lab::LayerInfo>& layers);
  void setSnapshot(const lab::MaskSnapshot& snapshot);
  void clearLayers();
  void selectLayer(int layer);  ///< -1: none; emits nothing

 Q_SIGNALS:
  void layerSelected(int layer);

 private:
  void put(int row, int column, const QString& text);
  void colourNotes();
  std::vector<lab::LayerInfo> layers_;
};

}  // namespace lab::ui
