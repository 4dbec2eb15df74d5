#include "core/ops/quantile.h"

#include <algorithm>
#include <cmath>

namespace comments::ops {

std::optional<double> quantile(double share, const Buckets& buckets) {
  if (buckets.size() < 2 || !std::isinf(buckets.rbegin()->first) || buckets.begin()->first <= 0) {
    return std::nullopt;
  }
  // Counted one after the other while they grow, a bucket may seem to have less than one before it.
  double total = 0;
  for (const auto& [bound, count] : buckets) {
    total = std::max(total, count);
  }
  if (!(total > 0)) {
    return std::nullopt;
  }
  const double rank = share * total;
  double start = 0;
  double below = 0;
  for (const auto& [bound, count] : buckets) {
    const double up_to = std::max(below, count);
    if (std::isinf(bound)) {
      break;
    }
    if (up_to >= rank && up_to > below) {
      return start + (bound - start) * ((rank - below) / (up_to - below));
    }
    start = bound;
    below = up_to;
  }
  return start;
}

}  // namespace comments::ops
