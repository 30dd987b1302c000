#pragma once
// What a run, and the program that ran it, ends with. The numbers are part of the command-line interface.

namespace lab {

enum class ExitCode : int {
  Ok = 0,
  Internal = 1,
  Usage = 2,
  Configuration = 3,
  Data = 4,
  Diverged = 5,
  OutOfMemory = 6,
  Disk = 7,
  Locked = 8,
  Requeue = 75,
  Interrupted = 130,
};

}  // namespace lab
