// Whether a new revision does as well as the one that serves: pure arithmetic.
#pragma once

#include <optional>
#include <string>

#include "core/ops/deploy/settings.h"

namespace comments::ops {

// What is known of one revision's requests while a step lasts. nullopt: nobody knows.
struct RevisionFigures {
  double requests = 0;        // that reached it, by the source that has seen most
  double errors = 0;          // of these: answered by 5xx, or not at all
  std::optional<double> p99;  // seconds, of what did not fail
};

enum class CanaryVerdict { good, bad, inconclusive };

struct Judgement {
  CanaryVerdict verdict = CanaryVerdict::inconclusive;
  std::string reason;  // with the figures it was made of
};

// Bad needs no minimum of requests: it is bad once so many errors would come by chance in less than
// one case of forty, were the true ratio what is allowed (an exact binomial test). Good needs the
// minimum. The time is judged from the minimum on.
Judgement judge(const CanarySettings& settings, const RevisionFigures& candidate,
                const RevisionFigures& stable);

// How likely `hits` or more of `trials` are, if each is one with that probability.
double binomial_tail(double hits, double trials, double probability);

}  // namespace comments::ops
