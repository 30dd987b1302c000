// The fused optimizer of every instruction set against the equations of PyTorch's SGD.
#include "engines/masked/sgd.h"
#include "random/keyed_random.h"
#include "topology/mask.h"

#include <rapidcheck.h>
#include <QtTest>

#include <cmath>

using namespace lab;
using namespace lab::masked;

namespace {

struct Case {
  Mask active;
  std::vector<float> weight, momentum, gradient;
  SgdStep step;
};

constexpr float kBeyond = 1234.5f;  // written behind the end: must stay

Case makeCase(int64_t size, int64_t percentActive, uint64_t seed, bool nesterov) {
  Case c{Mask(size), {}, {}, {}, {5e-4f, 0.9f, nesterov ? 0.1f : 0.0f, nesterov ? 0.09f : 0.1f}};
  for (int64_t i = 0; i < size; ++i) {
    const auto at = static_cast<uint64_t>(i);
    const bool on = uniformAt({seed, Purpose::InitialMask}, at) * 100 < static_cast<double>(percentActive);
    if (on) c.active.set(i);
    c.weight.push_back(on ? static_cast<float>(normalAt({seed, Purpose::InitialWeights}, at)) : 0.0f);
    c.momentum.push_back(on ? static_cast<float>(normalAt({seed, Purpose::InitialWeights, 1}, at)) : 0.0f);
    c.gradient.push_back(static_cast<float>(normalAt({seed, Purpose::InitialWeights, 2}, at)));
  }
  c.weight.push_back(kBeyond);
  c.momentum.push_back(kBeyond);
  return c;
}

void run(const SgdKernel& kernel, Case& c, bool masked) {
  kernel.run({c.weight.data(), c.momentum.data(), c.gradient.data(), masked ? c.active.words().data() : nullptr,
              c.active.size()},
             c.step);
}

/// True when `after` is what one step makes of `before`.
bool isOneStep(const Case& before, const Case& after, bool masked) {
  const auto close = [](double a, double b) { return std::abs(a - b) <= 2e-6 * (1 + std::abs(b)); };
  for (int64_t i = 0; i < before.active.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (masked && !before.active.test(i)) {
      if (after.weight[at] != 0 || after.momentum[at] != 0) return false;
      continue;
    }
    const double w = before.weight[at];
    const double g = before.gradient[at] + 5e-4 * w;
    const double m = 0.9 * before.momentum[at] + g;
    const bool nesterov = before.step.gradientRate != 0;
    if (!close(after.momentum[at], m) || !close(after.weight[at], w - 0.1 * (nesterov ? g + 0.9 * m : m)))
      return false;
  }
  return after.weight.back() == kBeyond && after.momentum.back() == kBeyond;
}

}  // namespace

class MaskedSgdTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyKernelDoesTheEquations() {
    const SgdKernels kernels = sgdKernels();
    for (auto kernel = kernels.begin; kernel != kernels.end; ++kernel) {
      if (!(*kernel)->supported()) continue;
      const bool ok = rc::check((*kernel)->name, [&] {
        const auto size = *rc::gen::inRange<int64_t>(0, 300);
        const auto percent = *rc::gen::element<int64_t>(0, 2, 10, 50, 98, 100);
        const auto seed = *rc::gen::inRange<uint64_t>(0, 1000);
        const bool nesterov = *rc::gen::arbitrary<bool>();
        const bool masked = *rc::gen::arbitrary<bool>();
        const Case before = makeCase(size, percent, seed, nesterov);
        Case after = before;
        run(**kernel, after, masked);
        RC_ASSERT(isOneStep(before, after, masked));
      });
      QVERIFY(ok);
    }
  }

  void thePortableKernelIsLastAndRunsEverywhere() {
    const SgdKernels kernels = sgdKernels();
    QCOMPARE(std::string((*(kernels.end - 1))->name), std::string("portable"));
    QVERIFY((*(kernels.end - 1))->supported());
    QVERIFY(bestSgdKernel().supported());
  }
};

QTEST_GUILESS_MAIN(MaskedSgdTest)
#include "tst_masked_sgd.moc"
