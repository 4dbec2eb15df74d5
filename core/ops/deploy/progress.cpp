#include "core/ops/deploy/progress.h"

#include <array>

#include <fmt/format.h>

#include "core/ops/deploy/split_json.h"
#include "core/wire/timestamp_text.h"

namespace comments::ops {
namespace {

constexpr std::array<std::string_view, 8> kPhases{"plan",   "migrate", "apply",  "gate",
                                                  "canary", "verify",  "record", "undo"};
constexpr int kFormat = 1;

Json json_of(const Before& before) {
  auto tags = Json::array();
  for (const auto& tag : before.tags) {
    tags.push_back({{"name", tag.name}, {"revision", tag.revision}});
  }
  return {{"exists", before.exists},
          {"image", before.image},
          {"tags", tags},
          {"traffic", split_json(before.split)}};
}

Before before_of(const Json& json) {
  Before before{.exists = flag_at(json, "/exists"),
                .split = parse_split(at(json, "/traffic")),
                .image = text_at(json, "/image")};
  for (const auto& tag : at(json, "/tags")) {
    before.tags.push_back({text_at(tag, "/name"), text_at(tag, "/revision")});
  }
  return before;
}

}  // namespace

std::string_view word_of(Phase phase) {
  return kPhases.at(static_cast<std::size_t>(phase));
}

std::optional<Phase> parse_phase(std::string_view word) {
  for (std::size_t i = 0; i < kPhases.size(); ++i) {
    if (kPhases.at(i) == word) {
      return static_cast<Phase>(i);
    }
  }
  return std::nullopt;
}

std::string progress_json(const Progress& progress) {
  const Json json{{"before", json_of(progress.before)},
                  {"candidate", progress.candidate},
                  {"canary_step", progress.canary_step},
                  {"commit", progress.commit},
                  {"digest", progress.digest},
                  {"expires", timestamp_text(progress.expires)},
                  {"failed_step", progress.failed_step},
                  {"failure", progress.failure},
                  {"format", kFormat},
                  {"held", progress.held},
                  {"host", progress.host},
                  {"owner", progress.owner},
                  {"phase", word_of(progress.phase)},
                  {"plan_hash", progress.plan_hash},
                  {"process", progress.process},
                  {"reason", progress.reason},
                  {"rollback", progress.rollback},
                  {"taken", timestamp_text(progress.taken)},
                  {"undo_failure", progress.undo_failure},
                  {"verdict", progress.verdict}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Progress> parse_progress(std::string_view text) {
  const auto json = parse_json(text);
  const auto phase = parse_phase(text_at(json, "/phase"));
  const auto taken = parse_timestamp(text_at(json, "/taken"));
  const auto expires = parse_timestamp(text_at(json, "/expires"));
  if (number_at(json, "/format", 0) != kFormat || !phase || !taken || !expires) {
    return std::nullopt;
  }
  return Progress{.owner = text_at(json, "/owner"),
                  .host = text_at(json, "/host"),
                  .process = static_cast<int>(number_at(json, "/process", 0)),
                  .reason = text_at(json, "/reason"),
                  .taken = *taken,
                  .expires = *expires,
                  .commit = text_at(json, "/commit"),
                  .digest = text_at(json, "/digest"),
                  .phase = *phase,
                  .canary_step = static_cast<int>(number_at(json, "/canary_step", 0)),
                  .rollback = flag_at(json, "/rollback"),
                  .held = flag_at(json, "/held"),
                  .candidate = text_at(json, "/candidate"),
                  .failed_step = text_at(json, "/failed_step"),
                  .failure = text_at(json, "/failure"),
                  .undo_failure = text_at(json, "/undo_failure"),
                  .plan_hash = text_at(json, "/plan_hash"),
                  .verdict = text_at(json, "/verdict"),
                  .before = before_of(at(json, "/before"))};
}

bool is_expired(const Progress& progress, Timestamp now) {
  return progress.expires <= now;
}

std::string holder_text(const Progress& progress) {
  return fmt::format("{} on {} since {}, at step {} with commit {}, until {}", progress.owner,
                     progress.host, timestamp_text(progress.taken), word_of(progress.phase),
                     progress.commit.substr(0, 12), timestamp_text(progress.expires));
}

}  // namespace comments::ops
