#include "core/wire/event_stream.h"

#include <charconv>
#include <utility>

namespace comments {

std::vector<Event> EventStreamReader::take(std::string_view bytes) {
  std::vector<Event> events;
  pending_.append(bytes);
  std::string_view rest = pending_;
  // Our servers end lines with LF; a proxy may have made that CR LF.
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    take_line(line, events);
    rest.remove_prefix(end + 1);
  }
  pending_.erase(0, pending_.size() - rest.size());
  return events;
}

void EventStreamReader::take_line(std::string_view line, std::vector<Event>& events) {
  if (line.empty()) {
    if (!data_.empty()) {
      data_.pop_back();  // the line feed after the last of its lines
      events.push_back({id_, type_.empty() ? "message" : type_, data_});
    }
    type_.clear();
    data_.clear();
    return;
  }
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) {
    value.remove_prefix(1);
  }
  if (field == "data") {
    data_.append(value).append("\n");
  } else if (field == "event") {
    type_ = value;
  } else if (field == "id") {
    id_ = value;
  } else if (field == "retry") {
    int milliseconds = 0;
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    if (error == std::errc() && end == value.data() + value.size() && milliseconds >= 0) {
      retry_ = std::chrono::milliseconds(milliseconds);
    }
  }  // anything else, comments included, is passed over
}

}  // namespace comments
