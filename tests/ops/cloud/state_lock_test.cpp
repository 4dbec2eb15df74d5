// Terraform's state is locked: who has it, and what to type.
#include "core/ops/cloud/state_lock.h"

#include "core/ops/cloud/terraform_failure.h"
#include "tests/support/catch.h"
#include "tests/support/locked_state.h"

namespace comments::ops {
namespace {

const terraform::Root kRoot{"stack", "backend", "variables"};
const Command kPlan{.words = {"terraform", "plan"}};

TEST_CASE("who has locked Terraform's state is read from its error", "[ops]") {
  const auto text = describe(kRoot, kPlan, {.exit_code = 1, .out = tests::kStateIsLocked});
  CHECK(parse_state_lock(text) == StateLock{.id = tests::kStateLockId,
                                            .who = "root@vm",
                                            .created = "2026-11-28 22:29:01.38958757 +0000 UTC",
                                            .operation = "OperationTypeApply"});
}

TEST_CASE("another error, or a lock without an ID, is none that could be freed", "[ops]") {
  const std::string error = "Error acquiring the state lock: ";
  for (const auto& text :
       {std::string(), std::string("Error: no quota\nLock Info:\n  ID: 1"), error,
        error + "Lock Info:", error + "Lock Info:\n  ID:",
        error + "Lock Info:\n  ID:    \n  Who: a", error + "Lock Info:\n  Who: ID: 1"}) {
    INFO(text);
    CHECK_FALSE(parse_state_lock(text));
    CHECK(unlock_remedy(kRoot, text).empty());
  }
  CHECK(parse_state_lock(error + "Lock Info:\n  ID: 1")->id == "1");
}

TEST_CASE("a locked state is told in words, with what to type and when it is safe", "[ops]") {
  const auto text = describe(kRoot, kPlan, {.exit_code = 1, .out = tests::kStateIsLocked});
  CHECK(text.starts_with("`terraform plan` ended with 1:\n- Error acquiring the state lock: "));
  CHECK(text.find("{\"@level\"") == std::string::npos);
  CHECK(
      text.ends_with("Terraform's state is locked. Wait, or free it with `terraform -chdir=stack "
                     "force-unlock -force c4965868-3a81-115e-6dd5-b10e7970890b`, but only if the "
                     "Terraform of root@vm that took it at 2026-11-28 22:29:01.38958757 +0000 UTC "
                     "(OperationTypeApply) does not run any more: two at once would break the "
                     "state"));
}

TEST_CASE("a terraform that failed without an event is told as any command", "[ops]") {
  const Outcome outcome{.exit_code = 1, .out = {}, .err = "panic"};
  CHECK(describe(kRoot, kPlan, outcome) == describe(kPlan, outcome));
}

TEST_CASE("an error that Terraform tells shows no secret", "[ops]") {
  const auto text =
      describe(kRoot, kPlan,
               {.exit_code = 1,
                .out = R"({"type":"diagnostic","diagnostic":{"severity":"error","summary":"No",)"
                       R"("detail":"token ya29.planted","address":"a.b"}})"});
  CHECK(text == "`terraform plan` ended with 1:\n- a.b: No: token …");
}

}  // namespace
}  // namespace comments::ops
