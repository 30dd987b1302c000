#pragma once
// A library that comes with a driver and need not be there: its functions are found by name, without its headers.

#include <dlfcn.h>

namespace lab {

class DriverLibrary {
 public:
  explicit DriverLibrary(const char* file) : library_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {}

  bool found() const { return library_ != nullptr; }

  /// Calls a function that returns an error code; 0 is success, -1: there is no such function. Precondition: found().
  template <class... Arguments>
  int call(const char* name, Arguments... arguments) const {
    void* const symbol = dlsym(library_, name);
    return symbol == nullptr ? -1 : reinterpret_cast<int (*)(Arguments...)>(symbol)(arguments...);
  }

 private:
  void* library_;  // stays loaded, as drivers want it
};

}  // namespace lab
