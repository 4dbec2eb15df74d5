#include "core/client/fetch.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>

namespace comments {
namespace {

// The client's own limits are for each read alone. This one is for all of them: when it is over,
// the connection is cut.
class TimeLimit {
 public:
  TimeLimit(httplib::Client& client, std::chrono::milliseconds time)
      : client_(client), end_(std::chrono::steady_clock::now() + time) {}
  ~TimeLimit() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_one();
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  bool is_over() const { return std::chrono::steady_clock::now() >= end_; }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    auto next = end_;
    while (!changed_.wait_until(lock, next, [this] { return done_; })) {
      client_.stop();                                       // again and again: a connection may
      next = std::chrono::steady_clock::now() + kPatience;  // have been on its way
    }
  }

  static constexpr std::chrono::milliseconds kPatience{20};

  httplib::Client& client_;
  const std::chrono::steady_clock::time_point end_;
  std::mutex mutex_;  // guards done_
  std::condition_variable changed_;
  bool done_ = false;
  std::jthread watcher_{[this] { watch(); }};  // last: it is joined before the others go
};

httplib::Request to_httplib(const ServiceUrl& url, const FetchRequest& request) {
  httplib::Request sent;
  sent.method = request.json.empty() ? "GET" : "POST";
  sent.path = url.prefix + request.path;
  for (const auto& [name, value] : request.headers) {
    sent.set_header(name, value);
  }
  if (!request.json.empty()) {
    sent.set_header("Content-Type", "application/json");
    sent.body = request.json;
  }
  return sent;
}

}  // namespace

Result<Fetched> fetch(const ServiceUrl& url, const FetchRequest& request, FetchLimits limits) {
  httplib::Client client(url.origin);
  client.set_follow_location(false);
  client.set_tcp_nodelay(true);
  client.set_connection_timeout(limits.time);
  client.set_read_timeout(limits.time);
  client.set_write_timeout(limits.time);

  Fetched fetched;
  bool too_long = false;
  const TimeLimit limit(client, limits.time);
  auto sent = to_httplib(url, request);
  sent.response_handler = [&](const httplib::Response& response) {
    fetched.status = response.status;
    return true;
  };
  sent.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t /*offset*/,
                              std::uint64_t /*length*/) {
    too_long = size > limits.bytes - fetched.body.size();
    if (!too_long) {
      fetched.body.append(bytes, size);
    }
    return !too_long;
  };
  const auto result = client.send(sent);
  if (result && !limit.is_over()) {
    return fetched;
  }
  const auto base = url.origin + url.prefix;
  const auto reason = too_long ? fmt::format("the answer of {}{} is longer than {} bytes", base,
                                             request.path, limits.bytes)
                      : limit.is_over() ? fmt::format("{}{} has given no whole answer within {} ms",
                                                      base, request.path, limits.time.count())
                                        : fmt::format("cannot reach {}: {}", base,
                                                      httplib::to_string(result.error()));
  return Error{ErrorCode::unavailable, reason, {}};
}

}  // namespace comments
