#include "core/wire/answers.h"
#include "core/wire/event_stream.h"
#include "tests/fuzz/target.h"

namespace {

using comments::fuzz::must_hold;

std::vector<comments::Event> read(std::string_view bytes, std::size_t step) {
  comments::EventStreamReader reader;
  std::vector<comments::Event> events;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    for (auto& event : reader.take(bytes.substr(at, step))) {
      events.push_back(std::move(event));
    }
  }
  return events;
}

}  // namespace

FUZZ_TARGET(event_stream) {
  const auto events = read(input, input.size() + 1);
  must_hold(read(input, 1) == events, "packets do not matter");
  for (const auto& event : events) {
    must_hold(!event.type.empty(), "an event has a type");
    (void)comments::parse_comment(event.data);
  }
}
