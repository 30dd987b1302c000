#include "engines/sparse/aligned.h"
#include "engines/sparse/isa.h"
#include "random/keyed_random.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

using namespace lab;
using namespace lab::sparse;

namespace {

constexpr int64_t kBatches[] = {1, 2, 15, 16, 17, 127, 128, 129, 300};

using Floats = AlignedVector<float>;

Floats normals(int64_t size, uint32_t stream) {
  Floats values(static_cast<size_t>(size));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(normalAt({5, Purpose::SyntheticData, stream, 0}, i));
  return values;
}

/// A random matrix in all its forms, a batch of inputs, and deltas that are zero in padding lanes.
struct Case {
  int64_t rows, columns, batch, stride;
  Floats dense, in, out, delta, below;
  std::vector<int32_t> rowStart{0}, column, columnStart{0}, row, place;
  Floats weight, momentum, bias;

  Case(int64_t rowCount, int64_t columnCount, int64_t batchSize, double density)
      : rows(rowCount),
        columns(columnCount),
        batch(batchSize),
        stride((batchSize + 15) / 16 * 16),
        dense(normals(rows * columns, 1)),
        in(normals(columns * stride, 2)),
        out(normals(rows * stride, 3)),
        delta(normals(rows * stride, 4)),
        below(normals(columns * stride, 5)),
        bias(normals(rows, 6)) {
    std::vector<std::vector<std::pair<int32_t, int32_t>>> byColumn(static_cast<size_t>(columns));
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = 0; c < columns; ++c) {
        const int64_t i = r * columns + c;
        if (uniformAt({6, Purpose::InitialMask, 0, 0}, i) >= density) {
          dense[static_cast<size_t>(i)] = 0;
          continue;
        }
        byColumn[static_cast<size_t>(c)].emplace_back(static_cast<int32_t>(r),
                                                      static_cast<int32_t>(column.size()));
        column.push_back(static_cast<int32_t>(c));
        weight.push_back(dense[static_cast<size_t>(i)]);
      }
      rowStart.push_back(static_cast<int32_t>(column.size()));
    }
    for (const auto& entries : byColumn) {
      for (const auto& [r, p] : entries) {
        row.push_back(r);
        place.push_back(p);
      }
      columnStart.push_back(static_cast<int32_t>(row.size()));
    }
    momentum = normals(static_cast<int64_t>(weight.size()), 7);
    for (int64_t i = 0; i < rows * stride; ++i)
      if (i % stride >= batch) delta[static_cast<size_t>(i)] = 0;
  }

  RowsView byRows() { return {rowStart.data(), column.data(), weight.data()}; }
  ColumnsView byColumns() { return {columnStart.data(), row.data(), place.data(), weight.data()}; }
  Batch forUpdate() { return {in.data(), delta.data(), stride}; }
  bool full() const { return weight.size() == dense.size(); }
};

/// A sum of products in double, and the size against which its rounding errors are measured.
struct Reference {
  double value = 0, size = 0;
  void add(double a, double b) {
    value += a * b;
    size += std::abs(a * b);
  }
};

bool near(float value, const Reference& expected) {
  return std::abs(value - expected.value) <= 2e-6 * expected.size + 1e-6;
}

void forEachCase(const std::function<void(const Kernels&, Case&)>& check) {
  for (const Kernels* kernels : availableKernels())
    for (const int64_t batch : kBatches)
      for (const auto& [rows, columns] : {std::pair{1, 1}, {7, 33}, {10, 64}, {37, 12}})
        for (const double density : {0.0, 0.05, 0.4, 1.0}) {
          Case c(rows, columns, batch, density);
          check(*kernels, c);
        }
}

}  // namespace

class TestSparseKernels : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyMachineHasPortableKernels();
  void forward();
  void backward();
  void update();
  void adam();
  void denseGradient();
  void rangesDoNotChangeResults();
  void gather();
  void softmax();
  void notANumberIsNotHidden();
};

void TestSparseKernels::everyMachineHasPortableKernels() {
  const auto kernels = availableKernels();
  QCOMPARE(std::string(kernels.back()->name), std::string("portable"));
  for (const Kernels* k : kernels) qInfo("tested here: %s", k->name);
}

void TestSparseKernels::forward() {
  forEachCase([](const Kernels& kernels, Case& c) {
    for (const bool relu : {false, true})
      for (const float* bias : {static_cast<const float*>(nullptr), std::as_const(c.bias).data()}) {
        const auto check = [&] {
          for (int64_t r = 0; r < c.rows; ++r)
            for (int64_t j = 0; j < c.batch; ++j) {
              Reference sum;
              if (bias != nullptr) sum.add(bias[r], 1);
              for (int64_t k = 0; k < c.columns; ++k)
                sum.add(c.dense[static_cast<size_t>(r * c.columns + k)],
                        c.in[static_cast<size_t>(k * c.stride + j)]);
              if (relu) sum.value = std::max(sum.value, 0.0);
              QVERIFY(near(c.out[static_cast<size_t>(r * c.stride + j)], sum));
            }
        };
        kernels.sparseForward(c.byRows(), bias, relu, c.in.data(), c.out.data(), c.stride, {0, c.rows});
        check();
        std::fill(c.out.begin(), c.out.end(), 9.0f);
        kernels.denseForward(c.dense.data(), c.columns, bias, relu, c.in.data(), c.out.data(), c.stride,
                             {0, c.rows});
        check();
      }
  });
}

void TestSparseKernels::backward() {
  forEachCase([](const Kernels& kernels, Case& c) {
    for (const float* gate : {static_cast<const float*>(nullptr), std::as_const(c.in).data()}) {
      const auto check = [&] {
        for (int64_t k = 0; k < c.columns; ++k)
          for (int64_t j = 0; j < c.stride; ++j) {
            Reference sum;
            for (int64_t r = 0; r < c.rows; ++r)
              sum.add(c.dense[static_cast<size_t>(r * c.columns + k)],
                      c.delta[static_cast<size_t>(r * c.stride + j)]);
            if (gate != nullptr && gate[k * c.stride + j] <= 0) sum.value = 0;
            const float below = c.below[static_cast<size_t>(k * c.stride + j)];
            QVERIFY(near(below, sum));
            if (j >= c.batch) QCOMPARE(below, 0.0f);  // exactly: padding must add nothing to the next gradient
          }
      };
      kernels.sparseBackward(c.byColumns(), gate, c.delta.data(), c.below.data(), c.stride, {0, c.columns});
      check();
      std::fill(c.below.begin(), c.below.end(), 9.0f);
      kernels.denseBackward(c.dense.data(), c.rows, c.columns, gate, c.delta.data(), c.below.data(), c.stride,
                            {0, c.columns});
      check();
    }
  });
}

void TestSparseKernels::update() {
  forEachCase([](const Kernels& kernels, Case& c) {
    const OptimizerStep step{0.01f, 0.9f, 0.1f, 0.09f};
    const Floats weight = c.weight, momentum = c.momentum;
    Floats sums(static_cast<size_t>(c.rows)), gradient(static_cast<size_t>(c.columns + 8));
    kernels.sparseUpdate(c.byRows(), {c.momentum.data(), nullptr}, c.forUpdate(), step, {0, c.rows}, sums.data(),
                         gradient.data());
    for (int64_t r = 0; r < c.rows; ++r) {
      const float* delta = c.delta.data() + r * c.stride;
      Reference deltaSum;
      for (int64_t j = 0; j < c.batch; ++j) deltaSum.add(delta[j], 1);
      QVERIFY(near(sums[static_cast<size_t>(r)], deltaSum));
      for (int32_t k = c.rowStart[static_cast<size_t>(r)]; k < c.rowStart[static_cast<size_t>(r + 1)]; ++k) {
        const auto i = static_cast<size_t>(k);
        Reference g;
        for (int64_t j = 0; j < c.batch; ++j)
          g.add(delta[j], c.in[static_cast<size_t>(c.column[i] * c.stride + j)]);
        Reference m = g, w = g;
        m.value = 0.9 * momentum[i] + (g.value + 0.01 * weight[i]);
        w.value = weight[i] - 0.1 * (g.value + 0.01 * weight[i]) - 0.09 * m.value;
        QVERIFY(near(c.momentum[i], m));
        QVERIFY(near(c.weight[i], w));
      }
    }
  });
}

void TestSparseKernels::adam() {
  OptimizerStep step{0.01f, 0.9f, 0, 0.5f, 0.99f, 1.25f, 0.1f, true};
  forEachCase([&](const Kernels& kernels, Case& c) {
    const Floats weight = c.weight, first = c.momentum;
    Floats second = normals(static_cast<int64_t>(weight.size()), 9);
    for (float& v : second) v *= v;
    const Floats before = second;
    Floats sums(static_cast<size_t>(c.rows)), gradient(static_cast<size_t>(c.columns + 8));
    kernels.sparseUpdate(c.byRows(), {c.momentum.data(), second.data()}, c.forUpdate(), step, {0, c.rows},
                         sums.data(), gradient.data());
    for (int64_t r = 0; r < c.rows; ++r)
      for (int32_t k = c.rowStart[static_cast<size_t>(r)]; k < c.rowStart[static_cast<size_t>(r + 1)]; ++k) {
        const auto i = static_cast<size_t>(k);
        Reference sum;
        for (int64_t j = 0; j < c.batch; ++j)
          sum.add(c.delta[static_cast<size_t>(r * c.stride + j)],
                  c.in[static_cast<size_t>(c.column[i] * c.stride + j)]);
        const double g = sum.value + 0.01 * weight[i], m = 0.9 * first[i] + 0.1 * g;
        const double v = 0.99 * before[i] + 0.01 * g * g, error = 2e-6 * sum.size + 1e-6;
        QVERIFY(std::abs(c.momentum[i] - m) < error);
        QVERIFY(std::abs(second[i] - v) < error * (1 + std::abs(g)));
        QVERIFY(std::abs(c.weight[i] - (weight[i] - 0.5 * m / (1.25 * std::sqrt(v) + 0.1))) < 20 * error);
      }
  });
}

void TestSparseKernels::denseGradient() {
  forEachCase([](const Kernels& kernels, Case& c) {
    const Range rows{c.rows / 3, c.rows};
    Floats gradient(static_cast<size_t>((rows.end - rows.begin) * c.columns + 8), 9.0f);
    kernels.denseGradient(c.forUpdate(), c.columns, rows, gradient.data());
    for (int64_t r = rows.begin; r < rows.end; ++r)
      for (int64_t k = 0; k < c.columns; ++k) {
        Reference g;
        for (int64_t j = 0; j < c.batch; ++j)
          g.add(c.delta[static_cast<size_t>(r * c.stride + j)], c.in[static_cast<size_t>(k * c.stride + j)]);
        QVERIFY(near(gradient[static_cast<size_t>((r - rows.begin) * c.columns + k)], g));
      }
  });
}

void TestSparseKernels::rangesDoNotChangeResults() {
  for (const Kernels* kernels : availableKernels())
    for (const int64_t batch : {17, 300}) {
      Case whole(37, 41, batch, 1.0), parts = whole;
      Floats gradient(37 * 41 + 8), gradientParts = gradient;
      const auto run = [&](Case& c, Floats& g, Range rows, Range columns) {
        kernels->denseForward(c.dense.data(), c.columns, c.bias.data(), true, c.in.data(), c.out.data(), c.stride,
                              rows);
        kernels->denseGradient(c.forUpdate(), c.columns, rows, g.data() + rows.begin * c.columns);
        kernels->denseBackward(c.dense.data(), c.rows, c.columns, nullptr, c.delta.data(), c.below.data(),
                               c.stride, columns);
      };
      run(whole, gradient, {0, 37}, {0, 41});
      run(parts, gradientParts, {0, 2}, {0, 13});
      run(parts, gradientParts, {2, 20}, {13, 14});
      run(parts, gradientParts, {20, 37}, {14, 41});
      QVERIFY(whole.out == parts.out);
      QVERIFY(whole.below == parts.below);
      gradient.resize(37 * 41);
      gradientParts.resize(37 * 41);
      QVERIFY(gradient == gradientParts);
    }
}

void TestSparseKernels::gather() {
  for (const Kernels* kernels : availableKernels())
    for (const int64_t features : {1, 9, 16, 17, 31, 48, 50})
      for (const int64_t stride : {16, 48}) {
        const int64_t channels = 2, pixels = channels * features;
        std::vector<std::vector<uint8_t>> images(static_cast<size_t>(stride));
        std::vector<const uint8_t*> sample;
        for (size_t s = 0; s < images.size(); ++s) {
          for (int64_t f = 0; f < pixels; ++f)
            images[s].push_back(static_cast<uint8_t>(randomBlock({s, Purpose::SyntheticData, 0, 0}, f)[0]));
          sample.push_back(images[s].data());
        }
        Floats out(static_cast<size_t>(pixels * stride), -1.0f);
        for (int64_t channel = 0; channel < channels; ++channel) {
          const Range range{channel * features, (channel + 1) * features};
          for (int64_t lane = 0; lane < stride; lane += 16)
            kernels->gather(
                {sample.data(), range, 0.01f * static_cast<float>(1 + channel), -0.5f, out.data(), stride},
                {lane, lane + 16});
        }
        for (int64_t f = 0; f < pixels; ++f)
          for (int64_t s = 0; s < stride; ++s) {
            const double expected = 0.01 * static_cast<double>(1 + f / features) *
                                        images[static_cast<size_t>(s)][static_cast<size_t>(f)] -
                                    0.5;
            QVERIFY(std::abs(out[static_cast<size_t>(f * stride + s)] - expected) < 1e-6);
          }
      }
}

void TestSparseKernels::softmax() {
  for (const float smoothing : {0.0f, 0.3f})
    for (const Kernels* kernels : availableKernels())
      for (const int64_t classes : {1, 2, 10, 200}) {
        const int64_t stride = 48, batch = 37;
        Floats logits = normals(classes * stride, 8), delta(logits.size(), 9.0f);
        for (float& z : logits) z *= 30;  // some probabilities underflow
        for (int64_t c = 0; c < classes; ++c) logits[static_cast<size_t>(c * stride)] = 1;  // lane 0: all equal
        Floats label(48), share(48), sums(48), margin(48), answer(48);
        for (int64_t j = 0; j < stride; ++j) {
          label[static_cast<size_t>(j)] = static_cast<float>(j % classes);
          share[static_cast<size_t>(j)] = j < batch ? 1.0f / 37 : 0.0f;
        }
        kernels->softmax({logits.data(), label.data(), share.data(), classes, stride, smoothing, delta.data(),
                          sums.data(), margin.data(), answer.data()});
        for (int64_t j = 0; j < stride; ++j) {
          std::vector<double> z;
          for (int64_t c = 0; c < classes; ++c) z.push_back(logits[static_cast<size_t>(c * stride + j)]);
          const auto top = std::max_element(z.begin(), z.end());
          double sum = 0;
          for (const double value : z) sum += std::exp(value - *top);
          const auto lane = static_cast<size_t>(j);
          QCOMPARE(static_cast<int64_t>(answer[lane]), static_cast<int64_t>(top - z.begin()));
          QVERIFY(std::abs(sums[lane] - sum) < 1e-6 * sum);
          const auto target = [&](int64_t c) {
            return (c == j % classes ? 1 - smoothing : 0) + smoothing / static_cast<double>(classes);
          };
          double below = 0;
          for (int64_t c = 0; c < classes; ++c) below += target(c) * (*top - z[static_cast<size_t>(c)]);
          QVERIFY(std::abs(margin[lane] - below) < 1e-4);
          for (int64_t c = 0; c < classes; ++c) {
            const double p = std::exp(z[static_cast<size_t>(c)] - *top) / sum - target(c);
            const float d = delta[static_cast<size_t>(c * stride + j)];
            QVERIFY(std::abs(d - p * share[lane]) <= 5e-7 * share[lane]);
            if (j >= batch) QCOMPARE(d, 0.0f);
          }
        }
      }
}

void TestSparseKernels::notANumberIsNotHidden() {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Kernels* kernels : availableKernels()) {
    Case c(3, 4, 16, 1.0);
    c.in[5] = nan;  // column 0, lane 5
    kernels->sparseForward(c.byRows(), c.bias.data(), true, c.in.data(), c.out.data(), c.stride, {0, 3});
    QVERIFY(std::isnan(c.out[5]) && !std::isnan(c.out[4]));
    kernels->denseForward(c.dense.data(), 4, c.bias.data(), true, c.in.data(), c.out.data(), c.stride, {0, 3});
    QVERIFY(std::isnan(c.out[5]) && !std::isnan(c.out[4]));
    for (const float bad : {nan, std::numeric_limits<float>::infinity()})
      for (const size_t where : {size_t{2}, size_t{16 + 2}, size_t{32 + 2}}) {
        Floats logits = normals(48, 8), label(16), share(16, 1.0f), delta(48), sums(16), margin(16), answer(16);
        logits[where] = bad;
        kernels->softmax({logits.data(), label.data(), share.data(), 3, 16, 0, delta.data(), sums.data(),
                          margin.data(), answer.data()});
        QVERIFY(std::isnan(sums[2]) && !std::isnan(sums[3]));
      }
  }
}

QTEST_APPLESS_MAIN(TestSparseKernels)
#include "tst_sparse_kernels.moc"
