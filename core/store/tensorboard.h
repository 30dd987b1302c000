#pragma once
// The rows of metrics as TensorBoard reads them: RUN/events.out.tfevents.TIME.HOST. A file of TFRecords (length,
// its masked CRC-32C, data, their masked CRC-32C), each an Event of TensorFlow's event.proto with scalar
// summaries.

#include "training/run_observer.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace lab {

/// CRC-32C (Castagnoli), as in RFC 3720.
uint32_t crc32c(std::string_view bytes);

std::string tfRecord(std::string_view data);

/// The first record of a file. `time`: seconds since 1970.
std::string eventFileHeader(double time);

/// The numbers of a row, as one record.
std::string metricsEvent(const Metrics& row, double time);

/// The name of a new file.
std::string eventFileName(double time);

}  // namespace lab
