#include "core/wire/event_stream.h"

#include "tests/support/catch.h"

namespace comments {
namespace {

constexpr std::string_view kStream =
    "retry: 1500\n\n:\n\nid: 7\nevent: comment\ndata: one\ndata:two\n\n"
    "data: three\r\nunknown: field\r\n\r\nevent: nothing\n\nid\ndata\n\nid: 9\ndata: not yet";

const std::vector<Event> kEvents{
    {"7", "comment", "one\ntwo"}, {"7", "message", "three"}, {"", "message", ""}};

}  // namespace

TEST_CASE("a stream is the same events, in whatever pieces it arrives", "[wire]") {
  const auto step = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{1'000});
  EventStreamReader reader;
  std::vector<Event> events;
  for (std::size_t at = 0; at < kStream.size(); at += step) {
    for (auto& event : reader.take(kStream.substr(at, step))) {
      events.push_back(std::move(event));
    }
  }
  CHECK(events == kEvents);
  CHECK(reader.retry() == std::chrono::milliseconds(1'500));
  CHECK(reader.sane());
}

TEST_CASE("a line without end is noticed", "[wire]") {
  EventStreamReader reader;
  reader.take(std::string(2'000'000, 'x'));
  CHECK_FALSE(reader.sane());
}

}  // namespace comments
