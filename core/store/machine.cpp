#include "store/machine.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>
#include <thread>

namespace lab {

namespace {

std::string cpuModel() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      if (const size_t colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "unknown";
}

}  // namespace

Machine thisMachine() {
  utsname system{};
  uname(&system);
  return {system.nodename, cpuModel(), static_cast<int>(std::thread::hardware_concurrency()),
          fmt::format("{} {} {}", system.sysname, system.release, system.machine)};
}

std::string gitState() { return LAB_GIT_STATE; }

}  // namespace lab
