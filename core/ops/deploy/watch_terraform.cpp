#include "core/ops/deploy/watch_terraform.h"

#include <fmt/format.h>

namespace comments::ops {

LineSink TerraformWatch::sink() {
  planned_ = static_cast<int>(release_.plan.changes.size());
  return [this](std::string_view line) {
    if (const auto event = parse_terraform_event(line)) {
      take(*event);
    }
  };
}

std::string TerraformWatch::totals() const {
  return finished_ == 0 ? "nothing to change" : fmt::format("{} changed", finished_);
}

void TerraformWatch::take(const TerraformEvent& event) {
  using Kind = TerraformEvent::Kind;
  const auto count = fmt::format("[{}/{}]", finished_ + 1, std::max(planned_, finished_ + 1));
  switch (event.kind) {
    case Kind::started:
    case Kind::going_on:
      release_.tell(Event::Kind::progress,
                    fmt::format("{} {} {}{}", count, event.action, event.address,
                                event.seconds > 0 ? fmt::format(", {} s", event.seconds) : ""));
      return;
    case Kind::completed:
      ++finished_;
      release_.tell(Event::Kind::progress,
                    fmt::format("{} {} {}: done", count, event.action, event.address));
      return;
    case Kind::failed:
      release_.tell(Event::Kind::progress,
                    fmt::format("{} {} {}: failed", count, event.action, event.address));
      return;
    case Kind::planned:
    case Kind::summary:
    case Kind::warning:
    case Kind::error:  // told when it has ended
      return;
  }
}

}  // namespace comments::ops
