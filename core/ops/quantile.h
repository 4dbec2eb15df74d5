// Quantiles of a histogram that knows only its buckets.
#pragma once

#include <map>
#include <optional>

namespace comments::ops {

// Upper bound, inclusive → how many observations are not above it.
using Buckets = std::map<double, double>;

// Between 0 and 1: the value that this share of the observations does not exceed, interpolated
// within its bucket as by Prometheus' histogram_quantile: evenly, and from 0 in the first one.
// Beyond the last finite bound nothing is known: that bound. nullopt: no observations, no bucket
// without bound, nothing but that, or a bound that is not above 0.
// Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
std::optional<double> quantile(double share, const Buckets& buckets);

}  // namespace comments::ops
