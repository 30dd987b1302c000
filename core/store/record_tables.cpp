#include "store/record_tables.h"

namespace lab {

namespace {

template <class Row, class Value>
Column<Row> member(std::string name, Value Row::*pointer) {
  return column<Row>(
      std::move(name), [pointer](auto& row) -> auto& { return row.*pointer; });
}

template <class Row, class Value>
Column<Row> explored(std::string name, Value LayerExploration::*pointer) {
  return column<Row>(
      std::move(name), [pointer](auto& row) -> auto& { return row.exploration.*pointer; });
}

}  // namespace

const Columns<Metrics>& metricsColumns() {
  static const Columns<Metrics> columns{
      member("step", &Metrics::step),
      member("epoch", &Metrics::epoch),
      member("train_loss", &Metrics::trainLoss),
      member("train_accuracy", &Metrics::trainAccuracy),
      member("validation_loss", &Metrics::validationLoss),
      member("validation_accuracy", &Metrics::validationAccuracy),
      member("test_loss", &Metrics::testLoss),
      member("test_accuracy", &Metrics::testAccuracy),
      member("r_s", &Metrics::rs),
      member("r_s_excluding_dense", &Metrics::rsExcludingDense),
      member("r_rel", &Metrics::reliable),
      member("density", &Metrics::density),
      member("learning_rate", &Metrics::learningRate),
      member("prune_rate", &Metrics::pruneRate),
      member("update_interval", &Metrics::updateInterval),
      member("batch_size", &Metrics::batchSize),
      member("gradient_norm", &Metrics::gradientNorm),
      member("train_flops", &Metrics::trainFlops),
      member("train_flops_relative_to_dense", &Metrics::trainFlopsRelativeToDense),
      member("step_flops_relative_to_dense", &Metrics::stepFlopsRelativeToDense),
      member("inference_flops_relative_to_dense", &Metrics::inferenceFlopsRelativeToDense),
      member("train_seconds", &Metrics::trainSeconds),
      member("seconds", &Metrics::seconds),
      member("planned_steps", &Metrics::plannedSteps),
      explored<Metrics>("weights", &LayerExploration::weights),
      explored<Metrics>("active", &LayerExploration::active),
      explored<Metrics>("explored", &LayerExploration::explored),
      explored<Metrics>("reliable", &LayerExploration::reliable),
      explored<Metrics>("grown", &LayerExploration::grown),
      explored<Metrics>("dropped", &LayerExploration::dropped),
      explored<Metrics>("initial_survivors", &LayerExploration::initialSurvivors),
      explored<Metrics>("active_reliable", &LayerExploration::activeReliable),
      member("initial_edges_kept", &Metrics::initialEdgesKept),
      explored<Metrics>("initial_edges", &LayerExploration::initialEdges),
  };
  return columns;
}

const Columns<RunEvent>& eventColumns() {
  static const Columns<RunEvent> columns{
      member("step", &RunEvent::step),       member("epoch", &RunEvent::epoch), member("kind", &RunEvent::kind),
      member("key", &RunEvent::key),         member("from", &RunEvent::from),   member("to", &RunEvent::to),
      member("message", &RunEvent::message),
  };
  return columns;
}

const Columns<LayerRow>& layerColumns() {
  static const Columns<LayerRow> columns{
      member("update", &LayerRow::update),
      member("step", &LayerRow::step),
      member("layer", &LayerRow::layer),
      explored<LayerRow>("weights", &LayerExploration::weights),
      explored<LayerRow>("active", &LayerExploration::active),
      explored<LayerRow>("grown", &LayerExploration::grown),
      explored<LayerRow>("dropped", &LayerExploration::dropped),
      explored<LayerRow>("explored", &LayerExploration::explored),
      member("r_s", &LayerRow::rs),
      explored<LayerRow>("reliable", &LayerExploration::reliable),
      member("target_density", &LayerRow::targetDensity),
      explored<LayerRow>("initial_survivors", &LayerExploration::initialSurvivors),
      member("initial_edges_kept", &LayerRow::initialEdgesKept),
      explored<LayerRow>("initial_edges", &LayerExploration::initialEdges),
  };
  return columns;
}

const Columns<SurvivalPoint>& survivalColumns() {
  static const Columns<SurvivalPoint> columns{
      member("age", &SurvivalPoint::age),
      member("survival", &SurvivalPoint::survival),
      member("at_risk", &SurvivalPoint::atRisk),
  };
  return columns;
}

}  // namespace lab
