// A rollout that is never silent, for people and for programs.
#include "cli/deploy_heartbeat.h"

#include <condition_variable>
#include <mutex>
#include <sstream>

#include "cli/deploy_view.h"
#include "tests/support/catch.h"

namespace comments::cli {
namespace {

using ops::Event;
using std::chrono::milliseconds;

// What others are told, to be waited for.
class Heard : public ops::Teller {
 public:
  void tell(const Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }

  // The n-th event of that kind, which has come by now or comes yet.
  Event wait_for(Event::Kind kind, int nth) {
    std::unique_lock lock(mutex_);
    Event found;
    const bool came = changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      int count = 0;
      for (const auto& event : events_) {
        if (event.kind == kind && ++count == nth) {
          found = event;
        }
      }
      return count >= nth;
    });
    REQUIRE(came);
    return found;
  }

  std::vector<Event> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
};

struct Ear : ops::Teller {
  explicit Ear(Heard& the_heard) : heard(the_heard) {}
  void tell(const Event& event) override { heard.tell(event); }
  Heard& heard;
};

TEST_CASE("while a step is at work, what was told last is told again and again", "[cli][deploy]") {
  Heard heard;
  const auto teller = make_deploy_heartbeat(std::make_unique<Ear>(heard), milliseconds(1));
  teller->tell({Event::Kind::step_started, "apply", "what was planned", 7});
  auto waiting = heard.wait_for(Event::Kind::waiting, 2);
  CHECK(waiting.step == "apply");
  CHECK(waiting.text == "what was planned");
  CHECK(waiting.seconds > 7);
  teller->tell({Event::Kind::progress, "apply", "[1/2] create", 9});
  teller->tell({Event::Kind::command, "apply", "gcloud", 9});
  const auto before = heard.events().size();
  waiting = heard.wait_for(Event::Kind::waiting, static_cast<int>(before) + 1);
  CHECK(waiting.text == "[1/2] create");
}

TEST_CASE("between steps, and when all is over, nothing is told unasked", "[cli][deploy]") {
  for (const auto kind : {Event::Kind::step_done, Event::Kind::step_skipped,
                          Event::Kind::step_failed, Event::Kind::ended}) {
    Heard heard;
    const auto teller = make_deploy_heartbeat(std::make_unique<Ear>(heard), milliseconds(1));
    teller->tell({Event::Kind::step_started, "plan", "", 0});
    teller->tell({kind, "plan", "", 0});
    const auto told = heard.events().size();
    // By the time that another one has had its second, this one would have had one, too.
    Heard other;
    const auto beating = make_deploy_heartbeat(std::make_unique<Ear>(other), milliseconds(1));
    beating->tell({Event::Kind::step_started, "plan", "", 0});
    other.wait_for(Event::Kind::waiting, 5);
    CHECK(heard.events().size() == told);
  }
}

TEST_CASE("the end is told last", "[cli][deploy]") {
  Heard heard;
  const auto teller = make_deploy_heartbeat(std::make_unique<Ear>(heard), std::chrono::hours(1));
  teller->tell({Event::Kind::ended, "abandoned", "by a person", 1});
  teller->tell({Event::Kind::step_started, "undo", "", 2});
  teller->tell({Event::Kind::ended, "rolled_back", "", 3});
  REQUIRE(heard.events().size() == 1);
  CHECK(heard.events().front().step == "abandoned");
}

TEST_CASE("what lasts is an event of its own for programs, and a line for people",
          "[cli][deploy]") {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const Io io{.in = in, .out = out, .err = err, .environment = [](const std::string&) {
                return std::nullopt;
              }};
  const Event waiting{Event::Kind::waiting, "apply", "[1/2] create", 12.5};
  make_deploy_json(io)->tell(waiting);
  CHECK(out.str() ==
        R"({"event":"waiting","format":1,"seconds":12.500,"step":"apply","text":"[1/2] create"})"
        "\n");
  make_deploy_text(io, false)->tell(waiting);
  CHECK(err.str().find("apply           still at it, ") != std::string::npos);
  CHECK(err.str().ends_with(": [1/2] create\n"));
}

}  // namespace
}  // namespace comments::cli
