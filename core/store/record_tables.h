#pragma once
// The columns of a run's tables. One list each, for writing and reading.

#include "store/csv.h"
#include "training/run_observer.h"

namespace lab {

/// One row of layers.csv: a layer after an update. grown and dropped are those of this update alone.
struct LayerRow {
  int64_t update = 0, step = 0;
  std::string layer;
  LayerExploration exploration;
  double rs = 0;
  double targetDensity = 1;
  double initialEdgesKept = 1;
};

const Columns<Metrics>& metricsColumns();
const Columns<RunEvent>& eventColumns();
const Columns<LayerRow>& layerColumns();
const Columns<SurvivalPoint>& survivalColumns();

}  // namespace lab
