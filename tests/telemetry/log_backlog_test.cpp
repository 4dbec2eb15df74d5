#include "core/telemetry/log_backlog.h"

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

constexpr std::size_t kRoom = 800;

LogBacklog::Batch taken(LogBacklog& backlog) {
  LogBacklog::Batch batch;
  backlog.take(batch);
  return batch;
}

// How many lines of ten bytes it takes until the first is dropped.
std::uint64_t fill(LogBacklog& backlog, Severity severity) {
  const auto i = static_cast<std::size_t>(severity);
  const auto before = backlog.counts();
  while (backlog.counts().dropped[i] == before.dropped[i]) {
    backlog.add(severity, "123456789");
  }
  return backlog.counts().written[i] - before.written[i];
}

}  // namespace

TEST_CASE("lines that wait are taken together, in the order in which they came", "[telemetry]") {
  LogBacklog backlog(kRoom);
  backlog.add(Severity::info, "one");
  backlog.add(Severity::error, "two");
  const auto batch = taken(backlog);
  CHECK(batch.text == "one\ntwo\n");
  CHECK(batch.lines == LineCounts{0, 1, 0, 1});
  backlog.add(Severity::debug, "three");
  CHECK(taken(backlog).text == "three\n");
}

TEST_CASE("as the room gets scarce, what matters least is dropped first", "[telemetry]") {
  LogBacklog backlog(kRoom);
  const auto infos = fill(backlog, Severity::info);
  CHECK(infos >= 59);  // three quarters
  CHECK(infos <= 60);
  CHECK(fill(backlog, Severity::debug) == 0);
  const auto warnings = fill(backlog, Severity::warning);
  CHECK(warnings >= 9);  // an eighth
  CHECK(fill(backlog, Severity::info) == 0);
  const auto errors = fill(backlog, Severity::error);
  CHECK(errors >= 9);
  CHECK(fill(backlog, Severity::warning) == 0);
  CHECK(backlog.counts().written == LineCounts{0, infos, warnings, errors});
  CHECK(backlog.counts().dropped == LineCounts{1, 2, 2, 1});
  CHECK(taken(backlog).text.size() <= kRoom);
}

TEST_CASE("with what is taken goes how much was dropped, once", "[telemetry]") {
  LogBacklog backlog(kRoom);
  fill(backlog, Severity::error);
  CHECK(taken(backlog).dropped == LineCounts{0, 0, 0, 1});
  backlog.add(Severity::info, "there is room again");
  const auto next = taken(backlog);
  CHECK(next.text == "there is room again\n");
  CHECK(next.dropped == LineCounts{});
  CHECK(backlog.counts().dropped == LineCounts{0, 0, 0, 1});
}

TEST_CASE("a line that is longer than all the room is dropped", "[telemetry]") {
  LogBacklog backlog(kRoom);
  backlog.add(Severity::error, std::string(kRoom, 'x'));
  CHECK(backlog.counts().dropped == LineCounts{0, 0, 0, 1});
}

TEST_CASE("a batch that could not be written is dropped, and told of with the next",
          "[telemetry]") {
  LogBacklog backlog(kRoom);
  backlog.add(Severity::info, "one");
  backlog.add(Severity::error, "two");
  const auto batch = taken(backlog);
  backlog.lose(batch);
  backlog.lose({.dropped = {0, 0, 7, 0}});  // counted already, but the line that told it is lost
  backlog.add(Severity::info, "three");
  CHECK(taken(backlog).dropped == LineCounts{0, 1, 7, 1});
  CHECK(backlog.counts().dropped == LineCounts{0, 1, 0, 1});
}

TEST_CASE("a closed backlog gives what it has, and takes no more", "[telemetry]") {
  LogBacklog backlog(kRoom);
  backlog.add(Severity::info, "last");
  backlog.close();
  backlog.add(Severity::error, "too late");
  LogBacklog::Batch batch;
  CHECK(backlog.take(batch));
  CHECK(batch.text == "last\n");
  CHECK_FALSE(backlog.take(batch));
  CHECK(backlog.counts().dropped == LineCounts{0, 0, 0, 1});
}

}  // namespace comments::tests
