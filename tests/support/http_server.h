#pragma once
// A web server on this machine that can be as bad as one wants: it cuts off, forgets ranges, changes its files.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// What a path answers.
struct Page {
  std::string body{};
  std::string etag{};           ///< with its quotes; empty: none
  int status = 200;             ///< other than 200: no body
  bool ranges = true;           ///< honours Range, and If-Range against `etag`
  bool lengths = true;          ///< says how long the answer is
  std::string redirect{};       ///< not empty: 302 to there
  int64_t wrongRangeBy = 0;     ///< sends another part than asked for
  int64_t claimedSize = -1;     ///< says that the body has this size
  std::vector<int64_t> cuts{};  ///< the next answers end after so many bytes; one is used up by each
  int64_t hangs = -1;           ///< after so many bytes nothing more comes until the client has gone
};

class HttpServer {
 public:
  HttpServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(socket_, 8) != 0) std::abort();
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  ~HttpServer() {
    over_ = true;
    shutdown(socket_, SHUT_RDWR);
    if (const int client = client_; client >= 0) shutdown(client, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  void set(const std::string& path, Page page) {
    const std::lock_guard lock(mutex_);
    pages_[path] = std::move(page);
  }
  std::vector<std::string> requests() const {  ///< with their headers
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    while (!over_) {
      const int client = accept(socket_, nullptr, nullptr);
      if (client < 0) continue;
      client_ = client;
      answer(client);
      client_ = -1;
      close(client);
    }
  }

  void answer(int client) {
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = recv(client, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      request.append(bytes, static_cast<size_t>(got));
    }
    std::string reply;
    bool hangs = false;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      const auto page = pages_.find(request.substr(4, request.find(' ', 4) - 4));
      reply = page == pages_.end() ? "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\ngone\n"
                                   : replyOf(page->second, request);
      if (page != pages_.end() && page->second.hangs >= 0) {
        hangs = true;
        reply.resize(reply.find("\r\n\r\n") + 4 + static_cast<size_t>(page->second.hangs));
      }
    }
    for (size_t at = 0; at < reply.size();) {
      const ssize_t sent =
          send(client, reply.data() + at, std::min<size_t>(reply.size() - at, 4096), MSG_NOSIGNAL);
      if (sent <= 0) return;
      at += static_cast<size_t>(sent);
    }
    if (hangs) recv(client, bytes, sizeof bytes, 0);
  }

  static std::string header(const std::string& request, const std::string& name) {
    const size_t at = request.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const size_t begin = at + name.size() + 4;
    return request.substr(begin, request.find("\r\n", begin) - begin);
  }

  static std::string replyOf(Page& page, const std::string& request) {
    if (!page.redirect.empty())
      return "HTTP/1.1 302 Found\r\nETag: \"of-the-redirection\"\r\nLocation: " + page.redirect +
             "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    if (page.status != 200)
      return "HTTP/1.1 " + std::to_string(page.status) +
             " No\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n";
    const auto size = static_cast<int64_t>(page.body.size());
    const std::string range = header(request, "Range"), condition = header(request, "If-Range");
    const bool part = page.ranges && !range.empty() && (condition.empty() || condition == page.etag);
    int64_t from = part ? std::stoll(range.substr(6)) : 0;
    if (from >= size && part) return "HTTP/1.1 416 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    from += part ? page.wrongRangeBy : 0;
    const int64_t total = page.claimedSize >= 0 ? page.claimedSize : size;
    std::string reply = part ? "HTTP/1.1 206 Part\r\nContent-Range: bytes " + std::to_string(from) + "-" +
                                   std::to_string(total - 1) + "/" + std::to_string(total) + "\r\n"
                             : "HTTP/1.1 200 OK\r\n";
    if (!page.etag.empty()) reply += "ETag: " + page.etag + "\r\n";
    if (page.lengths) reply += "Content-Length: " + std::to_string(total - from) + "\r\n";
    std::string body = page.body.substr(static_cast<size_t>(from));
    if (!page.cuts.empty()) {
      body.resize(std::min(body.size(), static_cast<size_t>(page.cuts.front())));
      page.cuts.erase(page.cuts.begin());
    }
    return reply + "Connection: close\r\n\r\n" + body;
  }

  int socket_;
  uint16_t port_ = 0;
  std::atomic<bool> over_ = false;
  std::atomic<int> client_ = -1;
  mutable std::mutex mutex_;
  std::map<std::string, Page> pages_;
  std::vector<std::string> requests_;
  std::thread thread_;
};
