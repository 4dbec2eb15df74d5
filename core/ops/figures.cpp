#include "core/ops/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace comments::ops {
namespace {

using Number = std::optional<double>;

constexpr Number Counts::*kCounters[] = {
    &Counts::answered,   &Counts::failed,       &Counts::turned_away, &Counts::created,
    &Counts::cache_hits, &Counts::cache_misses, &Counts::log_errors,  &Counts::cpu_seconds};

double grown(double before, double after) {
  return after >= before ? after - before : after;
}

// A histogram is one: either all of it has begun anew or nothing.
Buckets grown(const Buckets& before, const Buckets& after) {
  const bool anew =
      !before.empty() && !after.empty() && after.rbegin()->second < before.rbegin()->second;
  auto more = after;
  for (auto& [bound, count] : more) {
    const auto found = before.find(bound);
    if (!anew && found != before.end()) {
      count = std::max(0.0, count - found->second);
    }
  }
  return more;
}

Number finite(double number) {
  return std::isfinite(number) ? Number(number) : std::nullopt;
}

Number sum(Number one, Number other) {
  return one ? finite(*one + other.value_or(0)) : std::nullopt;
}

Number quotient(Number share, Number whole) {
  return share && whole && *whole > 0 ? finite(*share / *whole) : std::nullopt;
}

Number slow_ratio(const Buckets& latency) {
  const auto fast = latency.find(kSlow);
  const auto all = latency.find(std::numeric_limits<double>::infinity());
  if (fast == latency.end() || all == latency.end()) {
    return std::nullopt;
  }
  return quotient(std::max(0.0, all->second - fast->second), all->second);
}

}  // namespace

Counts increase(const Counts& before, const Counts& after) {
  Counts more = after;
  for (const auto counter : kCounters) {
    if (after.*counter) {
      more.*counter = grown((before.*counter).value_or(0), *(after.*counter));
    }
  }
  more.latency = grown(before.latency, after.latency);
  more.commits = grown(before.commits, after.commits);
  return more;
}

Activity activity(const Counts& happened, double seconds) {
  const auto requests = sum(happened.answered, happened.turned_away);
  return {.seconds = seconds,
          .requests = requests,
          .requests_per_second = quotient(requests, seconds),
          .error_ratio = quotient(sum(happened.failed, happened.turned_away), requests),
          .slow_ratio = slow_ratio(happened.latency),
          .p50 = quantile(0.5, happened.latency),
          .p99 = quantile(0.99, happened.latency),
          .cache_hit_ratio =
              quotient(happened.cache_hits, sum(happened.cache_hits, happened.cache_misses)),
          .created = happened.created,
          .created_per_second = quotient(happened.created, seconds),
          .commit_p50 = quantile(0.5, happened.commits),
          .commit_p99 = quantile(0.99, happened.commits),
          .log_errors = happened.log_errors,
          .cpu_cores = quotient(happened.cpu_seconds, seconds)};
}

Figures figures_of(const Reading& reading, double time, const std::optional<Earlier>& earlier) {
  Figures figures;
  if (reading.started) {
    figures.uptime = std::max(0.0, time - *reading.started);  // clocks may differ
  }
  figures.levels = reading.levels;
  figures.since_start = activity(reading.counts, figures.uptime.value_or(0));
  if (earlier) {
    const bool same_process = earlier->reading.started == reading.started;
    const auto before = same_process ? earlier->reading.counts : Counts{};
    figures.lately = activity(increase(before, reading.counts), earlier->seconds);
  }
  return figures;
}

}  // namespace comments::ops
