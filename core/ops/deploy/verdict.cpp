#include "core/ops/deploy/verdict.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace comments::ops {
namespace {

constexpr double kChance = 0.025;

double log_factorial(double n) {
  int sign = 0;  // std::lgamma has a global one
  return ::lgamma_r(n + 1, &sign);
}

double ratio(const RevisionFigures& figures) {
  return figures.requests > 0 ? figures.errors / figures.requests : 0;
}

std::string milliseconds(std::optional<double> seconds) {
  return seconds ? fmt::format("{:.0f} ms", *seconds * 1'000) : "unknown";
}

std::string figures_text(const RevisionFigures& candidate, const RevisionFigures& stable) {
  return fmt::format("{:.0f} requests, errors {:.2f} % (stable {:.2f} %), p99 {} (stable {})",
                     candidate.requests, ratio(candidate) * 100, ratio(stable) * 100,
                     milliseconds(candidate.p99), milliseconds(stable.p99));
}

}  // namespace

double binomial_tail(double hits, double trials, double probability) {
  constexpr double kNegligible = 1e-12;
  const auto n = std::round(trials);
  auto k = std::round(hits);
  if (k <= 0 || probability >= 1) {
    return 1;
  }
  if (k > n || probability <= 0) {
    return 0;
  }
  if (k <= n * probability) {
    return 0.5;  // or more: no surprise
  }
  auto term = std::exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) +
                       k * std::log(probability) + (n - k) * std::log1p(-probability));
  double sum = 0;
  for (; k <= n && term > kNegligible * sum; ++k) {
    sum += term;
    term *= (n - k) / (k + 1) * probability / (1 - probability);
  }
  return sum;
}

Judgement judge(const CanarySettings& settings, const RevisionFigures& candidate,
                const RevisionFigures& stable) {
  const auto figures = figures_text(candidate, stable);
  const auto allowed = ratio(stable) + settings.max_error_ratio;
  if (binomial_tail(candidate.errors, candidate.requests, allowed) < kChance) {
    return {CanaryVerdict::bad,
            fmt::format("too many errors, {:.2f} % are allowed: {}", allowed * 100, figures)};
  }
  if (candidate.requests < settings.minimum_requests) {
    return {CanaryVerdict::inconclusive,
            fmt::format("too few requests, {} are needed: {}", settings.minimum_requests, figures)};
  }
  const auto floor = std::chrono::duration<double>(settings.max_p99_floor).count();
  if (!candidate.p99) {
    return {CanaryVerdict::inconclusive, "nobody knows how long answers take: " + figures};
  }
  if (*candidate.p99 > floor) {
    if (!stable.p99) {
      return {CanaryVerdict::inconclusive, "there is nothing to compare the time with: " + figures};
    }
    if (*candidate.p99 > *stable.p99 * settings.max_p99_ratio) {
      return {CanaryVerdict::bad,
              fmt::format("too slow, {:.2f} times the stable p99 is allowed: {}",
                          settings.max_p99_ratio, figures)};
    }
  }
  if (ratio(candidate) > allowed) {
    return {CanaryVerdict::inconclusive,
            fmt::format("more errors than allowed, {:.2f} %, but it may be chance: {}",
                        allowed * 100, figures)};
  }
  return {CanaryVerdict::good, figures};
}

}  // namespace comments::ops
