// Structure that growth keeps: constant fan-in and N:M.
#include "topology_layers.h"

#include <rapidcheck.h>
#include <QtTest>

using namespace lab;
using namespace lab::test;

class TestStructure : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void parses();
  void refuses_data();
  void refuses();
  void holdsAfterEveryUpdate();
  void growsTheLargestThatFit();
};

void TestStructure::parses() {
  QVERIFY(parseConstraint("none").value() == GrowthConstraint{});
  QVERIFY(parseConstraint("constant-fan-in").value().kind == GrowthConstraint::Kind::ConstantFanIn);
  QVERIFY((parseConstraint("2:4").value() == GrowthConstraint{GrowthConstraint::Kind::NOfM, 2, 4}));
}

void TestStructure::refuses_data() {
  QTest::addColumn<QString>("text");
  for (const char* text : {"", "4:2", "4:4", "0:4", "2:", ":4", "2:4:8", "a:b", "1:5000", "fan-in"})
    QTest::addRow("'%s'", text) << text;
}

void TestStructure::refuses() {
  QFETCH(QString, text);
  const auto result = parseConstraint(text.toStdString());
  QVERIFY(!result);
  QVERIFY(result.problems()[0].message.find("N:M") != std::string::npos);
}

void TestStructure::holdsAfterEveryUpdate() {
  QVERIFY(rc::check("no group is overfull and counts stay", [] {
    constexpr int64_t kRows = 12, kColumns = 24;
    const GrowthConstraint constraint = parseConstraint(*rc::gen::element<std::string>("constant-fan-in", "2:4", "1:8")).take();
    const int64_t fanIn = *rc::gen::inRange<int64_t>(1, 4);
    const int64_t active = fanIn * kRows;
    const Groups groups = groupsFor(constraint, kRows, kColumns, active);
    SomeLayers layers({{kRows, kColumns}}, 0.5, *rc::gen::inRange<uint64_t>(0, 100));
    LayerState& state = layers.states[0];
    state.active = Mask(kRows * kColumns);
    for (const int64_t i : growWithin(groups, Mask(state.active), nullptr, active, {1, Purpose::InitialMask, 0, 0}))
      state.active.set(i);
    RC_ASSERT(state.active.count() == active);
    state.explored = state.active;
    state.weights.assign(static_cast<size_t>(active), 1.0f);
    state.momentum = state.weights;
    TopologyPlan plan = planOf(DropRule::Soft, *rc::gen::element(GrowRule::Random, GrowRule::ExploreFirst,
                                                                 GrowRule::Gradient, GrowRule::Momentum),
                               0.4);
    plan.constraint = constraint;
    for (plan.update = 1; plan.update <= 5; ++plan.update) {
      for (float& w : state.weights) w = 1;
      layers.update(plan);
      RC_ASSERT(state.active.count() == active);
      for (int64_t begin = 0; begin < kRows * kColumns; begin += groups.size) {
        const int64_t inGroup = state.active.count(begin, begin + groups.size);
        RC_ASSERT(inGroup <= groups.room);
        if (constraint.kind == GrowthConstraint::Kind::ConstantFanIn) RC_ASSERT(inGroup == fanIn);
      }
    }
  }));
}

void TestStructure::growsTheLargestThatFit() {
  const Groups groups{4, 1};
  Mask active(8);
  active.set(1);
  const std::vector<float> scores{9, 0, 8, 7, 1, -6, 5, 2};
  // The first group is full, and the second has room for its best only.
  QCOMPARE(growLargestWithin(groups, active, nullptr, 3, scores), (std::vector<int64_t>{5}));
  Mask barred(8);
  barred.set(5);
  QCOMPARE(growLargestWithin(groups, active, &barred, 3, scores), (std::vector<int64_t>{6}));
  QCOMPARE(growLargestWithin({}, active, nullptr, 3, scores), (std::vector<int64_t>{0, 2, 3}));
}

QTEST_APPLESS_MAIN(TestStructure)
#include "tst_structure.moc"
