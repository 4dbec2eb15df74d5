// Asking a Prometheus, or Google's endpoint that speaks like one.
// Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comments::ops {

// The path and query below the base address: "/api/v1/query?query=…".
std::string query_path(std::string_view expression);

struct Answer {
  std::map<std::string, std::string> labels;
  double value = 0;  // may be infinite, or not a number
};

// The series of an instant vector. nullopt: the answer is none, or an error.
std::optional<std::vector<Answer>> parse_answers(std::string_view body);

}  // namespace comments::ops
