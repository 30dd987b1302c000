#pragma once
// One request for a file or the rest of it. Private to this room.

#include "fetch/download.h"
#include "fetch/partial_file.h"

namespace lab {

struct Outcome {
  enum class Kind {
    Done,       ///< the server has sent all that it had
    Retry,      ///< it may work the next time: no connection, cut off, the server is busy
    Hopeless,   ///< it will not work the next time either
    StartAnew,  ///< what is there does not fit what the server has
  };
  Kind kind = Kind::Done;
  std::string why;  ///< a sentence; empty when done
};

/// Appends what the server sends to `partial`, or replaces it when the server sends all from the beginning. Throws
/// RunError: Disk, Interrupted.
Outcome httpGet(const RemoteFile& file, PartialFile& partial, const TransferOptions& options);

}  // namespace lab
