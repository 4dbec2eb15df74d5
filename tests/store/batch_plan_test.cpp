#include "core/store/batch_plan.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

constexpr std::uint64_t kStore = 7;
constexpr Timestamp kNow{std::chrono::hours(1'000)};

// The plan as a transcript: what each draft is answered, then what is written.
Texts transcript(const BatchPlan& plan) {
  Texts lines;
  for (const auto& answer : plan.answers) {
    lines.push_back(!answer            ? "conflict"
                    : answer->replayed ? "again " + std::to_string(answer->id)
                                       : "new " + std::to_string(answer->id) + " v" +
                                             std::to_string(answer->version.number));
  }
  for (const auto& [draft, seq] : plan.comments) {
    lines.push_back("comment " + draft->content_id().text() + "/" + std::to_string(seq) + " " +
                    draft->comment());
  }
  for (const auto& [draft, seq] : plan.keys) {
    lines.push_back("key " + draft->idempotency_key() + " " + std::to_string(seq));
  }
  for (const auto& [content_id, head] : plan.heads) {
    lines.push_back("head " + std::string(content_id) + " " + std::to_string(head.last_seq) + " " +
                    std::to_string(head.count) + " v" + std::to_string(head.version));
  }
  return lines;
}

Texts planned(const std::vector<Draft>& drafts, const BatchState& before = {}) {
  return transcript(plan_batch(drafts, before, kStore, kNow));
}

BatchState with_key(std::chrono::milliseconds age) {
  BatchState state;
  state.heads["1"] = {5, 5, 5};
  state.keys[{"1", "key"}] = {3, kNow - age, "alice@example.com", "hello"};
  return state;
}

}  // namespace

TEST_CASE("a batch continues each of its threads where it stands", "[store]") {
  BatchState before;
  before.heads["1"] = {4, 4, 9};
  CHECK(planned({draft("1", "a"), draft("2", "b"), draft("1", "c")}, before) ==
        Texts{"new 5 v10", "new 1 v1", "new 6 v11", "comment 1/5 a", "comment 2/1 b",
              "comment 1/6 c", "head 1 6 6 v11", "head 2 1 1 v1"});
}

TEST_CASE("a key that comes twice in a batch is stored once, and a conflict leaves the rest alone",
          "[store]") {
  CHECK(planned({draft("1", "a", "key"), draft("1", "a", "key"), draft("1", "other", "key"),
                 draft("2", "other", "key")}) ==
        Texts{"new 1 v1", "again 1", "conflict", "new 1 v1", "comment 1/1 a", "comment 2/1 other",
              "key key 1", "key key 1", "head 1 1 1 v1", "head 2 1 1 v1"});
}

TEST_CASE("a key that was stored before writes nothing, until it is a day old", "[store]") {
  const std::vector drafts{draft("1", "hello", "key")};
  CHECK(planned(drafts, with_key(std::chrono::hours(24) - std::chrono::milliseconds(1))) ==
        Texts{"again 3"});
  CHECK(planned(drafts, with_key(std::chrono::hours(24))) ==
        Texts{"new 6 v6", "comment 1/6 hello", "key key 6", "head 1 6 6 v6"});
}

TEST_CASE("a key from the future is valid and dated anew, once", "[store]") {
  const std::vector drafts{draft("1", "hello", "key"), draft("1", "hello", "key")};
  CHECK(planned(drafts, with_key(std::chrono::hours(-100))) ==
        Texts{"again 3", "again 3", "key key 3"});
}

}  // namespace comments::tests
