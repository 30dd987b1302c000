#pragma once
// The arithmetic of a training step as a table of functions, one table an instruction set.
//
// Activations and their gradients (deltas) are batch-contiguous: [features][stride], `stride` being the batch
// padded to a multiple of kLaneGroup. Padding lanes hold finite activations and zero deltas, so they add nothing.
// Every function works on a range of rows, and what it computes for a row does not depend on the range: results
// are the same bits however rows are dealt to threads.
//
// This header and kernel_*.h are compiled with wider instruction sets than the rest of the program: they use no
// inline function of the standard library, whose one copy the linker might then take from there.

#include "engines/optimizer_step.h"

#include <cstdint>

namespace lab::sparse {

/// What activations and deltas are stored as. Weights and sums are float always.
using Activation = float;

inline constexpr int64_t kLaneGroup = 16;

struct Range {
  int64_t begin = 0;
  int64_t end = 0;
};

/// Compressed rows: the entries of row r are start[r] .. start[r + 1].
struct RowsView {
  const int32_t* start;
  const int32_t* column;
  float* weight;
};

/// The same matrix by columns; `place` is where an entry's weight lies in the order of the rows.
struct ColumnsView {
  const int32_t* start;
  const int32_t* row;
  const int32_t* place;
  const float* weight;
};

struct Batch {
  const Activation* in;     ///< [columns][stride]
  const Activation* delta;  ///< [rows][stride]
  int64_t stride;
};

/// What the optimizer keeps of consecutive weights.
struct Moments {
  float* first;   ///< momentum of SGD, m of Adam
  float* second;  ///< v of Adam; null for SGD
};

/// Pixels of one channel of a batch: out[f][lane] = scale × sample[lane][f] + shift for f in `features`.
struct GatherJob {
  const uint8_t* const* sample;  ///< [stride]
  Range features;
  float scale, shift;
  Activation* out;  ///< [features][stride]
  int64_t stride;
};

/// Per lane: delta = share (softmax(logits) - target), the target being (1 - smoothing) of the label and smoothing /
/// classes of every class, and what loss and accuracy need.
struct SoftmaxJob {
  const Activation* logits;  ///< [classes][stride]
  const float* label;        ///< [stride]
  const float* share;        ///< [stride] 1 / samples; 0 in padding lanes
  int64_t classes;
  int64_t stride;
  float smoothing;
  Activation* delta;    ///< [classes][stride]
  float* exponentials;  ///< [stride] Σ exp(logit - top); loss = log(exponentials) + margin
  float* margin;        ///< [stride] top logit - logits weighted by the target
  float* answer;        ///< [stride] first class of the top logit
};

struct Kernels {
  const char* name;

  void (*gather)(const GatherJob& job, Range lanes);

  /// out[r] = act(bias[r] + Σ w in[column]); `bias` may be null; act is max(0, ·) when `relu`, else nothing.
  void (*sparseForward)(const RowsView& w, const float* bias, bool relu, const Activation* in, Activation* out,
                        int64_t stride, Range rows);
  /// below[c] = Σ w delta[row], where gate[c] > 0, else 0; `gate` may be null.
  void (*sparseBackward)(const ColumnsView& w, const Activation* gate, const Activation* delta, Activation* below,
                         int64_t stride, Range columns);
  /// One optimizer step of the rows' weights, and the sums of their deltas (the gradient of the bias).
  /// `gradient` has room for the longest row and eight more.
  void (*sparseUpdate)(const RowsView& w, const Moments& moments, const Batch& batch, const OptimizerStep& step, Range rows,
                       float* deltaSums, float* gradient);
  /// The weight gradient at every entry: gradient[k] for the entries of the rows. `scratch` as above.
  void (*sparseGradient)(const RowsView& w, const Batch& batch, Range rows, float* scratch, float* gradient);

  /// The same for a full matrix, weights [rows][columns].
  void (*denseForward)(const float* w, int64_t columns, const float* bias, bool relu, const Activation* in,
                       Activation* out, int64_t stride, Range rows);
  void (*denseBackward)(const float* w, int64_t rows, int64_t columns, const Activation* gate,
                        const Activation* delta, Activation* below, int64_t stride, Range columnRange);
  /// gradient[r - rows.begin][c] = Σ_lane delta[r] in[c], for all columns. Room for eight more at the end.
  void (*denseGradient)(const Batch& batch, int64_t columns, Range rows, float* gradient);
  void (*deltaSums)(const Batch& batch, Range rows, float* sums);
  void (*update)(const float* gradient, float* weight, const Moments& moments, int64_t n, const OptimizerStep& step);

  void (*softmax)(const SoftmaxJob& job);
};

extern const Kernels kPortableKernels;
#ifdef LAB_X86_KERNELS
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

}  // namespace lab::sparse
