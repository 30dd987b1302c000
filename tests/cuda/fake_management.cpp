// Stands for NVIDIA's management library: two devices, the second of which does not tell its utilisation.

#define LAB_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

int devices[2];
bool initialised = false;

struct Memory {
  unsigned long long total, free, used;
};
struct Rates {
  unsigned int gpu, memory;
};

constexpr int kRefused = 3;  // "not supported"

}  // namespace

LAB_EXPORT int nvmlInit_v2() {
  initialised = true;
  return 0;
}

LAB_EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void** device) {
  if (!initialised || index > 1) return kRefused;
  *device = &devices[index];
  return 0;
}

LAB_EXPORT int nvmlDeviceGetHandleByPciBusId_v2(const char* bus, void** device) {
  const char wanted[] = "0000:41:00.0";
  for (int i = 0; i < static_cast<int>(sizeof wanted); ++i)
    if (bus[i] != wanted[i]) return kRefused;
  *device = &devices[1];
  return 0;
}

LAB_EXPORT int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  const unsigned long long gibibyte = 1ull << 30;
  *memory = device == &devices[0] ? Memory{80 * gibibyte, 60 * gibibyte, 20 * gibibyte}
                                  : Memory{10 * gibibyte, 9 * gibibyte, gibibyte};
  return 0;
}

LAB_EXPORT int nvmlDeviceGetUtilizationRates(void* device, Rates* rates) {
  if (device != &devices[0]) return kRefused;
  *rates = {87, 12};
  return 0;
}
