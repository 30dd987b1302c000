#pragma once
// The threads that work on one block of a kernel. A kernel is a plain structure whose operator() is called once a
// block by all threads of a team; on the processor a team has one thread, on the GPU see kernels.cu.

#include "host_device.h"

#include <cstdint>

namespace lab::cuda {

/// What a kernel sees; memory shared by the threads of a team is in the kernel's own `Shared`.
struct HostTeam {
  static constexpr int kThreads = 1;
  int thread() const { return 0; }
  void sync() const {}

  template <class Number>
  void add(Number* to, Number value) const {
    *to += value;
  }
  void setBits(uint64_t* word, uint64_t bits) const { *word |= bits; }
};

struct NothingShared {};

/// Scratch of the team's sums: one place a thread.
template <class Number>
struct SumScratch {
  Number values[256];
};

/// The sum of the values of all threads of lower number, and the sum of all in `total`. In a fixed order: the same
/// values give the same sum. All threads must call it.
template <class Team, class Number>
LAB_HD Number exclusiveSum(Team& team, SumScratch<Number>& scratch, Number value, Number& total) {
  scratch.values[team.thread()] = value;
  team.sync();
  Number before = 0, all = 0;
  // Kogge-Stone: after the step of `distance` every place holds the sum of 2 × distance places up to it.
  for (int distance = 1; distance < Team::kThreads; distance *= 2) {
    const Number own = scratch.values[team.thread()];
    const Number left = team.thread() >= distance ? scratch.values[team.thread() - distance] : Number{0};
    team.sync();
    scratch.values[team.thread()] = own + left;
    team.sync();
  }
  all = scratch.values[Team::kThreads - 1];
  if (team.thread() > 0) before = scratch.values[team.thread() - 1];
  team.sync();
  total = all;
  return before;
}

}  // namespace lab::cuda
