#include "fetch/http_get.h"

#include "run_error.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <strings.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <optional>

namespace lab {

namespace {

constexpr long kConnectSeconds = 20, kRedirects = 5;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What the server says before the bytes.
struct Answer {
  long status = 0;
  std::string etag, date, range;
};

struct Transfer {
  const RemoteFile& file;
  PartialFile& partial;
  const TransferOptions& options;
  CURL* handle;
  Answer answer{};
  bool begun = false;                // the first byte is here: the answer is known
  std::optional<Outcome> refusal{};  // of the answer
  std::exception_ptr error{};        // must not pass through C
};

bool startsWith(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::string valueOf(std::string_view line, size_t nameLength) {
  line.remove_prefix(nameLength);
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && static_cast<unsigned char>(line.back()) <= ' ') line.remove_suffix(1);
  return std::string(line);
}

size_t onHeader(char* bytes, size_t, size_t count, void* user) {
  Answer& answer = static_cast<Transfer*>(user)->answer;
  const std::string_view line(bytes, count);
  if (startsWith(line, "HTTP/")) answer = {};  // after a redirection
  if (startsWith(line, "ETag:")) answer.etag = valueOf(line, 5);
  if (startsWith(line, "Last-Modified:")) answer.date = valueOf(line, 14);
  if (startsWith(line, "Content-Range:")) answer.range = valueOf(line, 14);
  return count;
}

/// "bytes 100-199/200": 100 and 200.
std::optional<std::pair<int64_t, int64_t>> parseRange(const std::string& text) {
  long long first = 0, last = 0, total = 0;
  if (std::sscanf(text.c_str(), "bytes %lld-%lld/%lld", &first, &last, &total) != 3) return std::nullopt;
  return std::pair<int64_t, int64_t>{first, total};
}

Outcome otherSize(const RemoteFile& file, int64_t size) {
  return {Outcome::Kind::Hopeless, fmt::format("{} has {} bytes, {} would be right: the server has another file",
                                               file.url, size, file.size)};
}

Outcome statusProblem(const RemoteFile& file, long status) {
  if (status == 404 || status == 410)
    return {Outcome::Kind::Hopeless, fmt::format("{} is not there (the server says {})", file.url, status)};
  if (status == 416) return {Outcome::Kind::StartAnew, "the server has fewer bytes than are here"};
  const bool busy = status == 408 || status == 429 || status >= 500;
  return {busy ? Outcome::Kind::Retry : Outcome::Kind::Hopeless,
          fmt::format("{} cannot be fetched: the server says {}", file.url, status)};
}

/// Looks at the answer before its first byte is taken.
std::optional<Outcome> judge(Transfer& transfer) {
  long status = 0;
  curl_off_t length = -1;
  curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(transfer.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  const Answer& answer = transfer.answer;
  PartialFile& partial = transfer.partial;
  if (status == 206) {
    const auto range = parseRange(answer.range);
    if (!range || range->first != partial.size())
      return Outcome{Outcome::Kind::StartAnew, "the server sends another part than it was asked for"};
    if (range->second != transfer.file.size) return otherSize(transfer.file, range->second);
    return std::nullopt;
  }
  if (status != 200) return statusProblem(transfer.file, status);
  if (length >= 0 && length != transfer.file.size) return otherSize(transfer.file, length);
  partial.restart();
  // Weak tags do not promise the same bytes.
  partial.setVersion(answer.etag.empty() || startsWith(answer.etag, "W/") ? answer.date : answer.etag);
  return std::nullopt;
}

void take(Transfer& transfer, std::string_view bytes) {
  if (transfer.options.stop.stop_requested())
    throw RunError(ExitCode::Interrupted,
                   fmt::format("{} is fetched in part; the same command goes on", transfer.file.name));
  if (!transfer.begun) transfer.refusal = judge(transfer);
  transfer.begun = true;
  if (transfer.refusal) return;
  const int64_t size = transfer.partial.size() + static_cast<int64_t>(bytes.size());
  if (size > transfer.file.size) {
    transfer.refusal = {Outcome::Kind::Hopeless, fmt::format("{} has more than the {} bytes that would be right",
                                                             transfer.file.url, transfer.file.size)};
    return;
  }
  transfer.partial.append(bytes);
  if (transfer.options.progress) transfer.options.progress(size);
}

/// Calls `work`; what it throws ends the transfer and is thrown again after it.
template <class Work>
bool goesOn(Transfer& transfer, Work work) {
  try {
    work();
  } catch (...) {
    transfer.error = std::current_exception();
  }
  return !transfer.error && !transfer.refusal;
}

size_t onBody(char* bytes, size_t, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  return goesOn(transfer, [&] { take(transfer, {bytes, count}); }) ? count : CURL_WRITEFUNC_ERROR;
}

/// Called at least once a second, also while nothing comes.
int onTick(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->options.stop.stop_requested() ? 1 : 0;
}

void prepare(Transfer& transfer, const std::unique_ptr<curl_slist, FreeList>& headers) {
  CURL* curl = transfer.handle;
  curl_easy_setopt(curl, CURLOPT_URL, transfer.file.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kRedirects);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "itoplab");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(transfer.options.patience.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, onHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, onTick);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  if (transfer.partial.size() > 0)
    curl_easy_setopt(curl, CURLOPT_RANGE, fmt::format("{}-", transfer.partial.size()).c_str());
}

bool isHopeless(CURLcode code) {
  return code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_TOO_MANY_REDIRECTS ||
         code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
}

Outcome outcomeOf(Transfer& transfer, CURLcode code, const char* details) {
  if (transfer.error) std::rethrow_exception(transfer.error);
  if (transfer.refusal) return *transfer.refusal;
  if (transfer.options.stop.stop_requested()) take(transfer, {});
  if (code != CURLE_OK)
    return {
        isHopeless(code) ? Outcome::Kind::Hopeless : Outcome::Kind::Retry,
        fmt::format("{} cannot be fetched: {}", transfer.file.url, *details ? details : curl_easy_strerror(code))};
  if (!transfer.begun) {  // an answer without a body
    if (auto refusal = judge(transfer)) return *refusal;
  }
  return {};
}

}  // namespace

Outcome httpGet(const RemoteFile& file, PartialFile& partial, const TransferOptions& options) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, FreeHandle> handle(kReady == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle) throw std::bad_alloc();
  std::unique_ptr<curl_slist, FreeList> headers;
  if (partial.size() > 0 && !partial.version().empty())
    headers.reset(curl_slist_append(nullptr, ("If-Range: " + partial.version()).c_str()));
  Transfer transfer{file, partial, options, handle.get()};
  char details[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, details);
  prepare(transfer, headers);
  const CURLcode code = curl_easy_perform(handle.get());
  return outcomeOf(transfer, code, details);
}

}  // namespace lab
