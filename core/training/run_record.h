#pragma once
// What accumulates over a run: sums since the last row, clocks, FLOPs, the best validation accuracy.

#include "engines/engine.h"
#include "network/network_spec.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// Training FLOPs of the steps that really ran, relative to the same steps of the dense network. A step of a sparse
/// network costs 3 f_S less the first layer's input gradient, which is not computed; a step that needs the dense
/// gradient for growth pays the dense weight gradient.
class FlopsMeter {
 public:
  FlopsMeter(const std::vector<WeightLayer>& layers, const std::vector<int64_t>& active);
  void add(int64_t samples, bool denseGradient);
  double spent() const { return spent_; }
  double dense() const { return dense_; }
  void set(double spent, double dense) { spent_ = spent, dense_ = dense; }
  void setActive(const std::vector<int64_t>& active);  ///< weights of each layer from now on
  /// Of one sample, as the network is now.
  double stepRelativeToDense() const { return sparseStep_.total() / denseStep_.total(); }
  double inference() const { return sparseStep_.forward; }
  double inferenceRelativeToDense() const { return sparseStep_.forward / denseStep_.forward; }
  double relativeToDense() const { return dense_ == 0 ? 0 : spent_ / dense_; }

 private:
  std::vector<WeightLayer> layers_;
  StepFlops sparseStep_, denseStep_;
  double spent_ = 0, dense_ = 0;
};

class Stopwatch {
 public:
  explicit Stopwatch(double seconds = 0) : total_(seconds) {}
  void start() { started_ = Clock::now(); }
  void stop() { total_ += std::chrono::duration<double>(Clock::now() - started_).count(); }
  double seconds() const { return total_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point started_{};
  double total_;
};

struct RunRecord {
  Sums sinceRow;                        ///< training sums since the last row
  std::optional<double> lastTrainLoss;  ///< of the last row that had one
  std::optional<double> gradientNorm;   ///< of the last measured step
  std::optional<double> testAccuracy, bestValidationAccuracy, testAccuracyAtBestValidation, rsAtBestValidation;
  Stopwatch training;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  double earlierSeconds = 0;  ///< before the run was resumed
  double seconds() const {
    return earlierSeconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
};

}  // namespace lab
