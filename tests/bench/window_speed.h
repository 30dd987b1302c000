#pragma once

#include "made_large_run.h"
#include "made_replay.h"

namespace lab::bench {

/// A line of the table, times in ms.
void printTail(const char* what, const Tail& tail, const char* aim);

/// From the start of the program until the window is drawn and the form has taken a value; `program` starts
/// itself.
void measureStart(const char* program);
/// What `program` does when it is started so: says when it was usable and ends.
int startAndSay();

void measureFrames();
void measureScrubbing();

/// What the window holds after an hour's worth of updates and rows, streamed faster.
void measureMemory();

}  // namespace lab::bench
