#include "core/store/archive_plan.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

ArchivedComment archived(std::string_view thread, std::int64_t id, std::string text = "x") {
  return {content_id(thread), {id, "a@b", std::move(text), Timestamp()}};
}

ArchiveState with(std::string_view thread, const std::vector<Comment>& comments) {
  ArchiveState state;
  const auto last = static_cast<std::int64_t>(comments.size());
  state.heads[thread] = {last, last, last};
  for (const auto& comment : comments) {
    state.comments[{thread, comment.id}] = comment;
  }
  return state;
}

Texts added(const Result<ArchivePlan>& plan) {
  Texts lines;
  for (const auto* one : must(plan).comments) {
    lines.push_back(one->content_id.text() + "/" + std::to_string(one->comment.id));
  }
  for (const auto& [thread, head] : must(plan).heads) {
    lines.push_back(std::string(thread) + " at " + std::to_string(head.last_seq));
  }
  return lines;
}

}  // namespace

TEST_CASE("archived comments continue what is there, and what is there is passed over", "[store]") {
  const std::vector all{archived("1", 1), archived("1", 2), archived("1", 3), archived("2", 1)};
  CHECK(added(plan_archive(all, {})) == Texts{"1/1", "1/2", "1/3", "2/1", "1 at 3", "2 at 1"});
  CHECK(added(plan_archive(all, with("1", {all[0].comment, all[1].comment}))) ==
        Texts{"1/3", "2/1", "1 at 3", "2 at 1"});
  CHECK(added(plan_archive(std::vector{all[0]}, with("1", {all[0].comment}))).empty());
}

TEST_CASE("another comment in an archived one's place is a conflict, and nothing is planned",
          "[store]") {
  const auto plan =
      plan_archive(std::vector{archived("1", 1)}, with("1", {archived("1", 1, "y").comment}));
  REQUIRE_FALSE(plan);
  CHECK(plan.error().message.starts_with("content_id 1 has another comment 1 already"));
}

TEST_CASE("archived comments that would leave a gap are refused", "[store]") {
  const auto plan = plan_archive(std::vector{archived("1", 1), archived("1", 3)}, {});
  REQUIRE_FALSE(plan);
  CHECK(plan.error().message ==
        "content_id 1: comment 3 would follow comment 1; the comments between are missing");
}

}  // namespace comments::tests
