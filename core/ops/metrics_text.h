// What a service exposes for Prometheus, read: its text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/), and of OpenMetrics what goes
// beyond it. Comments, times and exemplars are passed over.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comments::ops {

struct Sample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;  // may be infinite, or not a number

  // "" where there is no such label.
  std::string_view label(std::string_view key) const;
};

struct MetricsText {
  std::vector<Sample> samples;    // in the order of the text
  std::size_t refused_lines = 0;  // were no samples; each is passed over by itself
};

MetricsText parse_metrics(std::string_view text);

}  // namespace comments::ops
