// How far a release has come, as the lock in the state bucket says it: who holds it, what was
// before, and how to go on or back. It is written before every step that changes something, so that
// any machine can take over from one that died.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/comment/comment.h"
#include "core/ops/cloud/split.h"

namespace comments::ops {

// In the order in which they come; a later one has all earlier ones behind it.
enum class Phase {
  plan,     // nothing has been touched
  migrate,  // the schema may be newer than the release before needs
  apply,    // Terraform may have made something
  gate,     // there is a new revision, without readers
  canary,   // it has some readers
  verify,   // it has all of them
  record,   // it has passed
  undo,     // it has failed: what was before comes back
};
std::string_view word_of(Phase phase);
std::optional<Phase> parse_phase(std::string_view word);

// What an undo restores.
struct Before {
  bool exists = false;  // false: a first release; there was no service
  Split split = {};
  std::vector<Tag> tags = {};
  std::string image = {};

  bool operator==(const Before&) const = default;
};

struct Progress {
  std::string owner = {};  // the account
  std::string host = {};
  int process = 0;
  std::string reason = {};  // why the lock was taken over or a freeze overridden; "" otherwise
  Timestamp taken = {};
  Timestamp expires = {};
  std::string commit = {};
  std::string digest = {};  // sha256:…
  Phase phase = Phase::plan;
  int canary_step = 0;            // index of the step in force
  bool rollback = false;          // to `candidate`, a revision of before
  bool held = false;              // nobody works on it: a person decides
  std::string candidate = {};     // the new revision; "" until there is one
  std::string failed_step = {};   // by which it is held or undone; "": none
  std::string failure = {};       // what that step said
  std::string undo_failure = {};  // why it could not be undone; "": nobody tried, or it could
  std::string plan_hash = {};     // of what was applied
  std::string verdict = {};       // the canary's, step by step
  Before before = {};

  bool operator==(const Progress&) const = default;
};

std::string progress_json(const Progress& progress);
std::optional<Progress> parse_progress(std::string_view json);

// Whether somebody who comes may take it over without asking.
bool is_expired(const Progress& progress, Timestamp now);

// "alice@example.com on host-1 since 14:03, at step canary with commit 0123abcd, until 16:03".
std::string holder_text(const Progress& progress);

}  // namespace comments::ops
