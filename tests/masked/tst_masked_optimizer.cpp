// The fused optimizer of every instruction set against the equations of PyTorch's SGD and Adam.
#include "engines/masked/optimizer.h"
#include "parameters/config.h"
#include "random/keyed_random.h"
#include "topology/mask.h"

#include <rapidcheck.h>
#include <QtTest>

#include <cmath>

using namespace lab;
using namespace lab::masked;

namespace {

constexpr double kRate = 0.1;
constexpr int64_t kStepNumber = 3;

struct Case {
  Mask active;
  std::vector<float> weight, momentum, secondMoment, gradient;
  Config config;
};

constexpr float kBeyond = 1234.5f;  // written behind the end: must stay

Case makeCase(int64_t size, int64_t percentActive, uint64_t seed, const Config& config) {
  Case c{Mask(size), {}, {}, {}, {}, config};
  for (int64_t i = 0; i < size; ++i) {
    const auto at = static_cast<uint64_t>(i);
    const bool on = uniformAt({seed, Purpose::InitialMask}, at) * 100 < static_cast<double>(percentActive);
    if (on) c.active.set(i);
    const auto normal = [&](uint32_t stream) {
      return static_cast<float>(normalAt({seed, Purpose::InitialWeights, stream}, at));
    };
    c.weight.push_back(on ? normal(0) : 0.0f);
    c.momentum.push_back(on ? normal(1) : 0.0f);
    c.secondMoment.push_back(on ? normal(3) * normal(3) : 0.0f);
    c.gradient.push_back(normal(2));
  }
  for (auto* values : {&c.weight, &c.momentum, &c.secondMoment}) values->push_back(kBeyond);
  return c;
}

void run(const OptimizerKernel& kernel, Case& c, bool masked) {
  kernel.run({c.weight.data(), c.momentum.data(), c.config.optimizer == kAdam ? c.secondMoment.data() : nullptr,
              c.gradient.data(), masked ? c.active.words().data() : nullptr, c.active.size()},
             optimizerStep(c.config, kRate, kStepNumber));
}

struct Weight {
  double value, first, second;
};

/// The textbooks' equations on one weight.
Weight updated(Weight w, double g, const Config& config) {
  g += config.weight_decay * w.value;
  if (config.optimizer == kSgd) {
    w.first = config.momentum * w.first + g;
    w.value -= kRate * (config.nesterov ? g + config.momentum * w.first : w.first);
    return w;
  }
  w.first = config.adam_beta1 * w.first + (1 - config.adam_beta1) * g;
  w.second = config.adam_beta2 * w.second + (1 - config.adam_beta2) * g * g;
  const double first = w.first / (1 - std::pow(config.adam_beta1, kStepNumber));
  const double second = w.second / (1 - std::pow(config.adam_beta2, kStepNumber));
  w.value -= kRate * first / (std::sqrt(second) + config.adam_epsilon);
  return w;
}

/// True when `after` is what one step makes of `before`.
bool isOneStep(const Case& before, const Case& after, bool masked) {
  const auto close = [](double a, double b) { return std::abs(a - b) <= 3e-6 * (1 + std::abs(b)); };
  const bool adam = before.config.optimizer == kAdam;
  for (int64_t i = 0; i < before.active.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    const Weight is{after.weight[at], after.momentum[at], after.secondMoment[at]};
    if (masked && !before.active.test(i)) {
      if (is.value != 0 || is.first != 0 || is.second != 0) return false;
      continue;
    }
    const Weight wanted = updated({before.weight[at], before.momentum[at], before.secondMoment[at]},
                                  before.gradient[at], before.config);
    if (!close(is.value, wanted.value) || !close(is.first, wanted.first)) return false;
    if (!close(is.second, adam ? wanted.second : before.secondMoment[at])) return false;
  }
  return after.weight.back() == kBeyond && after.momentum.back() == kBeyond &&
         after.secondMoment.back() == kBeyond;
}

}  // namespace

class MaskedOptimizerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyKernelDoesTheEquations() {
    const OptimizerKernels kernels = optimizerKernels();
    for (auto kernel = kernels.begin; kernel != kernels.end; ++kernel) {
      if (!(*kernel)->supported()) continue;
      const bool ok = rc::check((*kernel)->name, [&] {
        const auto size = *rc::gen::inRange<int64_t>(0, 300);
        const auto percent = *rc::gen::element<int64_t>(0, 2, 10, 50, 98, 100);
        const auto seed = *rc::gen::inRange<uint64_t>(0, 1000);
        const bool masked = *rc::gen::arbitrary<bool>();
        Config config;
        config.optimizer = *rc::gen::element<std::string>(kSgd, kAdam);
        config.nesterov = *rc::gen::arbitrary<bool>();
        config.weight_decay = 0.01;
        config.adam_beta2 = 0.9;
        config.adam_epsilon = 1e-3;
        const Case before = makeCase(size, percent, seed, config);
        Case after = before;
        run(**kernel, after, masked);
        RC_ASSERT(isOneStep(before, after, masked));
      });
      QVERIFY(ok);
    }
  }

  /// The first step of Adam moves every weight by the rate, whatever its gradient; norms decay only when asked.
  void stepsAreNumbered() {
    Config config;
    config.optimizer = kAdam;
    config.weight_decay = 0.25;
    config.weight_decay_on_norms = false;
    Case c{Mask(2, true), {5, -5, kBeyond}, {0, 0, kBeyond}, {0, 0, kBeyond}, {100, -0.5f}, config};
    const OptimizerStep first = normStep(config, optimizerStep(config, kRate, 1));
    QCOMPARE(first.weightDecay, 0.0f);
    bestOptimizerKernel().run(
        {c.weight.data(), c.momentum.data(), c.secondMoment.data(), c.gradient.data(), nullptr, 2}, first);
    QVERIFY(std::abs(c.weight[0] - 4.9f) < 1e-5f && std::abs(c.weight[1] + 4.9f) < 1e-5f);
    config.weight_decay_on_norms = true;
    QCOMPARE(normStep(config, optimizerStep(config, kRate, 1)).weightDecay, 0.25f);
  }

  void thePortableKernelIsLastAndRunsEverywhere() {
    const OptimizerKernels kernels = optimizerKernels();
    QCOMPARE(std::string((*(kernels.end - 1))->name), std::string("portable"));
    QVERIFY((*(kernels.end - 1))->supported());
    QVERIFY(bestOptimizerKernel().supported());
  }
};

QTEST_GUILESS_MAIN(MaskedOptimizerTest)
#include "tst_masked_optimizer.moc"
