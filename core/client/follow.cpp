#include "core/client/follow.h"

#include <algorithm>
#include <optional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>

#include "core/client/retry.h"
#include "core/wire/answers.h"
#include "core/wire/event_stream.h"
#include "core/wire/paths.h"

namespace comments {
namespace {

constexpr std::size_t kMaxErrorBody = std::size_t{64} * 1024;

// One connection's worth of following.
class Session {
 public:
  Session(FollowOptions& options, const std::function<bool(const Comment&)>& on_comment)
      : options_(options), on_comment_(on_comment) {}

  void run() {
    httplib::Client client(options_.url.origin);
    client.set_follow_location(false);
    client.set_tcp_nodelay(true);
    client.set_read_timeout(options_.silence);
    httplib::Headers headers{{"Last-Event-ID", std::to_string(options_.after)},
                             {"Accept", "text/event-stream"}};
    if (!options_.traceparent.empty()) {
      headers.emplace("traceparent", options_.traceparent);
    }
    const auto result = client.Get(
        options_.url.prefix + stream_path(options_.content_id), headers,
        [this](const httplib::Response& response) {
          status_ = response.status;
          return true;
        },
        [this](const char* bytes, std::size_t size) {
          return take(std::string_view(bytes, size));
        });
    if (!result) {
      failure_ = httplib::to_string(result.error());
    }
  }

  bool enough() const { return enough_; }
  bool began() const { return status_ == 200; }
  std::optional<std::chrono::milliseconds> retry() const { return events_.retry(); }

  // Why there is no use in coming again; nullopt where there is.
  std::optional<Error> refusal() const {
    if (error_ || status_ == 0 || status_ == 200 || asks_to_come_back(status_)) {
      return error_;
    }
    return parse_error(status_, body_);
  }

  std::string failure() const {
    return status_ == 0 ? failure_ : parse_error(status_, body_).message;
  }

 private:
  bool take(std::string_view bytes) {
    if (status_ != 200) {
      body_.append(bytes);
      return body_.size() < kMaxErrorBody;
    }
    for (const auto& event : events_.take(bytes)) {
      if (event.type == "comment" && !show(event)) {
        return false;
      }
    }
    return events_.sane();
  }

  bool show(const Event& event) {
    const auto comment = parse_comment(event.data);
    if (!comment) {
      error_ = comment.error();
      return false;
    }
    if (comment->id > options_.after) {
      options_.after = comment->id;
      enough_ = !on_comment_(*comment);
    }
    return !enough_;
  }

  FollowOptions& options_;
  const std::function<bool(const Comment&)>& on_comment_;
  EventStreamReader events_;
  int status_ = 0;
  std::string body_;
  std::string failure_;
  std::optional<Error> error_;
  bool enough_ = false;
};

}  // namespace

Result<void> follow_comments(FollowOptions options,
                             const std::function<bool(const Comment&)>& on_comment) {
  for (int failures = 0;;) {
    Session session(options, on_comment);
    session.run();
    if (session.enough()) {
      return {};
    }
    if (auto refusal = session.refusal()) {
      return *std::move(refusal);
    }
    if (session.began()) {
      failures = 0;
      std::this_thread::sleep_for(spread(session.retry().value_or(options.first_pause)));
      continue;
    }
    if (++failures >= options.attempts) {
      return Error{
          ErrorCode::unavailable,
          fmt::format("cannot follow {}{}: {}; is the service running? (--url, COMMENTS_URL)",
                      options.url.origin, options.url.prefix, session.failure()),
          {}};
    }
    const auto pause = options.first_pause * (1 << std::min(failures - 1, 16));
    std::this_thread::sleep_for(
        spread(std::min<std::chrono::milliseconds>(pause, options.longest_pause)));
  }
}

}  // namespace comments
