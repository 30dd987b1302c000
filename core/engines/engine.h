#pragma once
// An engine owns weights, optimizer state and masks of one network and carries out what the Trainer plans.
//
// Work is handed over in spans and its results are collected later, in order. A CPU engine may do the work inside
// submit(); a GPU engine enqueues it and returns, and several spans may be in flight. Nothing in a span depends on
// the results of an earlier one, so an engine never has to wait for the host.

#include "data/dataset.h"
#include "network/network_spec.h"
#include "parameters/config.h"
#include "topology/mask.h"
#include "topology/topology_update.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// One optimizer step on the training samples `samples` (indices into Dataset::train; any number >= 1: the last
/// batch of an epoch may be short). The gradient is the mean over them.
struct PlannedStep {
  std::span<const int32_t> samples;  ///< valid until the span is collected
  float learningRate = 0;
  int64_t epoch = 0;  ///< whole epochs done before it: with seed and sample it keys the augmentation
  bool measure = false;  ///< report the norm of its gradient
};

/// Consecutive steps, and possibly a topology update belonging to the last of them. A span may have an update only.
struct Span {
  std::vector<PlannedStep> steps;
  std::optional<TopologyPlan> topology;
};

struct Sums {
  double loss = 0;  ///< sum of the cross-entropy over samples
  int64_t correct = 0;
  int64_t samples = 0;

  /// Adds the sums of one batch, or of several added so. A batch's loss is rounded to a multiple of 2^-30: such
  /// sums are exact in double up to 2^23, so what a run reports does not depend on how its steps were grouped into
  /// spans, which is a matter of time.
  void add(const Sums& part) {
    loss += std::ldexp(std::nearbyint(std::ldexp(part.loss, 30)), -30);
    correct += part.correct;
    samples += part.samples;
  }
};

struct SpanResult {
  Sums sums;  ///< of the training samples, in training mode, before each step's update
  std::optional<TopologyEvent> topology;
  std::optional<double> gradientNorm;  ///< of the last measured step: ‖∂L/∂w‖ over the active weights, before decay
};

/// A maskable layer on the host. Arrays of weights hold only the active ones, in ascending flat order; where a method
/// trains inactive positions too (trainable masks) or keeps their momentum (SNFS), one value a position instead.
struct LayerState {
  Mask active;
  Mask explored;  ///< every position ever active; includes `active`
  std::vector<float> weights;
  std::vector<float> momentum;      ///< of SGD, or Adam's first moment; empty: all zero
  std::vector<float> secondMoment;  ///< Adam's; empty: all zero
  std::vector<float> bias;          ///< empty: no bias
  std::vector<float> biasMomentum, biasSecondMoment;
  bool operator==(const LayerState&) const = default;
};

/// A batch normalisation, one value a channel.
struct NormState {
  std::vector<float> scale, shift;
  std::vector<float> mean, variance;  ///< running ones, for evaluation
  std::vector<float> scaleMomentum, shiftMomentum, scaleSecondMoment, shiftSecondMoment;  ///< empty: all zero
  bool operator==(const NormState&) const = default;
};

/// Everything an engine knows, as plain host memory: restore(state()) changes nothing, in any engine.
struct EngineState {
  std::vector<LayerState> layers;  ///< in the order of weightLayers(spec)
  std::vector<NormState> norms;    ///< in the order of the BatchNorm operations
  std::vector<float> thresholds;   ///< learned ones, one a layer; empty: the method learns none
  std::vector<float> thresholdMomentum;
  double dropThreshold = 0;        ///< the adaptive one of DSR; 0: not set yet
  int64_t optimizerSteps = 0;      ///< done so far: Adam's t
  bool operator==(const EngineState&) const = default;
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual void submit(const Span& span) = 0;

  /// The result of the oldest span not collected yet; waits for it. Precondition: one is outstanding.
  virtual SpanResult collect() = 0;

  /// Loss and accuracy on a whole split, in evaluation mode, with the weights after all submitted spans.
  virtual Sums evaluate(Split split) = 0;

  virtual EngineState state() = 0;
  virtual void restore(const EngineState& state) = 0;

  /// How many spans should be in flight before the Trainer collects. 1: submit() does the work itself.
  virtual int spansInFlight() const { return 1; }

  /// What it has had to do otherwise than usual since it was asked last, a sentence each, for the record of the run.
  virtual std::vector<std::string> takeRemarks() { return {}; }
};

struct EngineSetup {
  NetworkSpec network;
  Config config;  ///< optimizer, label smoothing, threads and method are read by engines
  std::shared_ptr<const Dataset> data;
};

/// What makes a connection worth having before training. Snip: |g w| (Lee et al. 2019). Grasp: w (H g), which removing
/// would cost the gradient's norm (Wang et al. 2020), of the logits / 200. SynFlow: |w ∂R/∂w| with R the output of the
/// network of absolute weights for an input of ones (Tanaka et al. 2020).
enum class Saliency { Snip, Grasp, SynFlow };

struct SaliencyTask {
  Saliency criterion;
  const NetworkSpec& network;
  const EngineState& state;        ///< of a dense network
  const std::vector<Mask>& masks;  ///< connections left so far: the other weights count as 0
  std::shared_ptr<const Dataset> data;
  std::span<const int32_t> samples;  ///< training images; SynFlow reads none
  int64_t threads = 1;
};

/// One score a position of each weight layer; the higher, the worthier.
using SaliencyScorer = std::function<std::vector<std::vector<double>>(const SaliencyTask&)>;

/// How much of a device is in use at a moment, by all programs together.
struct DeviceLoad {
  uint64_t usedBytes = 0, totalBytes = 0;  ///< of its memory
  std::optional<double> utilisation;       ///< share of the last moments in which it computed, if it tells
};

/// "12.3 of 79.6 GiB used, 87 % busy"
std::string describe(const DeviceLoad& load);

struct EngineInfo {
  std::string name;
  std::string help;
  std::string detail;  ///< what it found on this machine: instruction set, device
  bool sparseArithmetic =
      false;  ///< true: zeros are neither stored nor multiplied; false: sparsity is simulated by masks
  /// Why this engine cannot train this network under this configuration; empty when it can.
  std::function<std::string(const NetworkSpec&, const Config&)> refusal;
  std::function<std::unique_ptr<Engine>(const EngineSetup&)> make;
  /// How busy its device is; takes milliseconds. Null: it computes on the processor.
  std::function<std::optional<DeviceLoad>()> load = {};

  /// Engines for several runs on one network and data that take their steps at once. Each is used by a thread of its
  /// own, and waits for the others until they are destroyed. Null: this engine has none.
  std::function<std::vector<std::unique_ptr<Engine>>(std::span<const EngineSetup>)> makeMany = {};
  /// Why runs of these two configurations cannot be among them; empty when they can. Null where makeMany is.
  std::function<std::string(const NetworkSpec&, const Config&, const Config&)> packingRefusal = {};
};

/// The engines that a program has, in order of preference. Filled by app/.
class EngineRegistry {
 public:
  void add(EngineInfo info) { engines_.push_back(std::move(info)); }
  std::span<const EngineInfo> all() const { return engines_; }
  const EngineInfo* find(std::string_view name) const;

  struct Choice {
    const EngineInfo* engine = nullptr;
    std::string why;
  };
  /// The engine asked for by `config.engine`, or for "auto" the first that takes the network; dense runs prefer
  /// engines without sparse arithmetic. Problem: why the asked one refuses.
  Result<Choice> choose(const NetworkSpec& network, const Config& config) const;

  /// What scores connections before training; null when this program has nothing that can.
  void setScorer(SaliencyScorer scorer) { scorer_ = std::move(scorer); }
  const SaliencyScorer& scorer() const { return scorer_; }

 private:
  std::vector<EngineInfo> engines_;
  SaliencyScorer scorer_;
};

}  // namespace lab
