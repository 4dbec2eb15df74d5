#include "core/ops/deploy/record.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/ops/deploy/split_json.h"
#include "core/wire/timestamp_text.h"

namespace comments::ops {
namespace {

constexpr int kFormat = 1;

}  // namespace

std::string record_json(const ReleaseRecord& record) {
  auto steps = Json::array();
  for (const auto& [name, seconds] : record.steps) {
    steps.push_back({{"name", name}, {"seconds", seconds}});
  }
  const Json json{{"commit", record.commit},
                  {"digest", record.digest},
                  {"ended", timestamp_text(record.ended)},
                  {"environment", record.environment},
                  {"failed_step", record.failed_step},
                  {"format", kFormat},
                  {"image", record.image},
                  {"kind", record.kind},
                  {"last_words", record.last_words},
                  {"owner", record.owner},
                  {"plan_hash", record.plan_hash},
                  {"reason", record.reason},
                  {"result", record.result},
                  {"revision", record.revision},
                  {"steps", steps},
                  {"traffic_before", split_json(record.traffic_before)},
                  {"tree", record.tree},
                  {"verdict", record.verdict}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<ReleaseRecord> parse_record(std::string_view text) {
  const auto json = parse_json(text);
  const auto ended = parse_timestamp(text_at(json, "/ended"));
  if (number_at(json, "/format", 0) != kFormat || !ended) {
    return std::nullopt;
  }
  ReleaseRecord record{.environment = text_at(json, "/environment"),
                       .result = text_at(json, "/result"),
                       .kind = text_at(json, "/kind"),
                       .owner = text_at(json, "/owner"),
                       .reason = text_at(json, "/reason"),
                       .failed_step = text_at(json, "/failed_step"),
                       .last_words = text_at(json, "/last_words"),
                       .commit = text_at(json, "/commit"),
                       .tree = text_at(json, "/tree"),
                       .digest = text_at(json, "/digest"),
                       .image = text_at(json, "/image"),
                       .revision = text_at(json, "/revision"),
                       .plan_hash = text_at(json, "/plan_hash"),
                       .verdict = text_at(json, "/verdict"),
                       .traffic_before = parse_split(at(json, "/traffic_before")),
                       .ended = *ended};
  for (const auto& step : at(json, "/steps")) {
    const auto& seconds = at(step, "/seconds");
    record.steps.emplace_back(text_at(step, "/name"),
                              seconds.is_number() ? seconds.get<double>() : 0);
  }
  return record;
}

std::string record_name(const ReleaseRecord& record) {
  auto time = timestamp_text(record.ended);  // 2026-11-28T18:42:55.123Z
  std::replace(time.begin(), time.end(), ':', '-');
  std::replace(time.begin(), time.end(), '.', '-');
  return fmt::format("{}-{}.json", time, record.commit.substr(0, 12));
}

}  // namespace comments::ops
