// Server-sent events, as a client reads them (WHATWG HTML, section 9.2.6).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comments {

struct Event {
  std::string id;    // the last one named, on this event or before it
  std::string type;  // "message" where none was named
  std::string data;

  bool operator==(const Event&) const = default;
};

// Puts a stream together from the pieces in which it arrives. One thread at a time.
class EventStreamReader {
 public:
  // The events that are complete with these bytes.
  std::vector<Event> take(std::string_view bytes);

  // How long to wait before coming again, where the server has said so.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

  // False: a line or an event is longer than any of ours; this is no stream of comments.
  bool sane() const { return pending_.size() + data_.size() < kMaxBytes; }

 private:
  static constexpr std::size_t kMaxBytes = std::size_t{1} * 1024 * 1024;

  void take_line(std::string_view line, std::vector<Event>& events);

  std::string pending_;  // a line that has not ended
  std::string id_;
  std::string type_;
  std::string data_;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace comments
