#pragma once
// A network as plain data: operations in order, each naming its inputs. Engines build from it; shapes, parameter
// counts and FLOPs are computed from it.

#include "result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lab {

/// Channels, height, width. A vector of n features is {n, 1, 1}.
struct Shape {
  int64_t channels = 0;
  int64_t height = 1;
  int64_t width = 1;
  int64_t size() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

enum class OpKind { Linear, Conv2d, BatchNorm, ReLU, MaxPool, GlobalAvgPool, Add, Flatten };

inline constexpr int kNetworkInput = -1;

struct Op {
  OpKind kind;
  std::string name;
  std::vector<int> inputs;  ///< indices of earlier operations, or kNetworkInput
  int64_t outputs = 0;      ///< Linear: features; Conv2d: channels
  int64_t kernel = 1;       ///< Conv2d, MaxPool: side of the square window
  int64_t stride = 1;
  int64_t padding = 0;
  bool bias = false;
  bool operator==(const Op&) const = default;
};

struct NetworkSpec {
  std::string name;
  Shape input;
  std::vector<Op> ops;  ///< the last one gives the logits
  bool operator==(const NetworkSpec&) const = default;
};

/// A weight tensor that a mask covers: every Linear and Conv2d weight, first and last layer included.
/// Biases and batch norm are never masked.
struct WeightLayer {
  std::string name;
  int op = 0;                  ///< index into NetworkSpec::ops
  std::vector<int64_t> shape;  ///< [out, in] or [out, in, ky, kx]
  int64_t weights = 0;         ///< product of shape
  int64_t macsPerWeight = 1;   ///< output positions a sample: 1 for Linear, height × width for Conv2d
  bool bias = false;
  int64_t rows() const { return shape[0]; }
  int64_t columns() const { return weights / shape[0]; }  ///< fan-in of the dense layer
};

/// A batch normalisation over channels (Ioffe and Szegedy 2015), with the constants of the published codes.
struct NormLayer {
  std::string name;
  int op = 0;  ///< index into NetworkSpec::ops
  int64_t channels = 0;
};
inline constexpr double kNormMomentum = 0.1;  ///< share of a batch in the running mean and variance
inline constexpr double kNormEpsilon = 1e-5;

/// Output shape of every operation. Problems, named by operation: inputs that do not fit, an output that none
/// reads.
Result<std::vector<Shape>> inferShapes(const NetworkSpec& spec);

/// How many operations read the output of each.
std::vector<int> readerCounts(const NetworkSpec& spec);

/// Whether the output of such an operation may be overwritten by its only reader: it has memory of its own, and
/// its backward pass does not read it again.
bool mayBeOverwritten(OpKind kind);

/// In order of operations. `spec` must pass inferShapes, here and below.
std::vector<WeightLayer> weightLayers(const NetworkSpec& spec);
std::vector<NormLayer> normLayers(const NetworkSpec& spec);  ///< likewise
int64_t parameterCount(const NetworkSpec& spec);             ///< with biases and batch norm
int64_t maskableCount(const NetworkSpec& spec);
int64_t macs(const NetworkSpec& spec);  ///< multiply-accumulates of one sample's forward pass, dense

/// FLOPs = 2 × MACs of one sample. `active[l]` weights of layer l exist.
/// The input gradient of the first layer is not counted: it is not computed.
struct StepFlops {
  double forward = 0;
  double inputGradient = 0;
  double weightGradient = 0;
  double total() const { return forward + inputGradient + weightGradient; }
};
StepFlops stepFlops(const std::vector<WeightLayer>& layers, const std::vector<int64_t>& active);

}  // namespace lab
