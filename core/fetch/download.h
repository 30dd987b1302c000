#pragma once
// One file from a web server (libcurl), whole and checked or not at all. A transfer that was cut off goes on where
// it stopped, also in a later process.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace lab {

/// A file whose content is known before it is fetched.
struct RemoteFile {
  std::string name;  ///< without folders
  std::string url;   ///< http or https
  int64_t size = 0;  ///< bytes
  std::string sha256;
};

struct TransferOptions {
  std::function<void(int64_t have)> progress;  ///< bytes of the file that are there; called often
  std::stop_token stop;
  int attempts = 4;                           ///< in a row without a new byte
  std::chrono::milliseconds firstWait{1000};  ///< before the second attempt; doubled for each further one
  std::chrono::seconds patience{60};          ///< with a silent server
};

/// Fetches `file` to `target`, whose folder exists. What has come so far is TARGET.partial; the server's version
/// of it (ETag or date) is in TARGET.partial.version, so that a file that has changed meanwhile is fetched anew.
///
/// Throws RunError: Data (no connection, an answer of the server such as 404, another size or SHA-256 than
/// expected), Disk (no room, no permission), Locked (another process fetches the same file), Interrupted (stop was
/// requested). What has come so far is kept, unless it is wrong.
void download(const RemoteFile& file, const std::filesystem::path& target, const TransferOptions& options);

}  // namespace lab
