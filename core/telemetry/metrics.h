// What the process shows of itself, for Prometheus.
//
// Everything is declared with every value of its labels, and exists from then on, at 0 before
// anything has happened: how many series there are is decided in the source, not by what comes in.
// Instruments belong to whoever counts with them; here is only who they are and how to read them.
//
// Names and units: https://prometheus.io/docs/practices/naming/ (seconds, bytes; a counter's name
// without `_total`, which the exposition adds).
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/telemetry/instruments.h"

namespace comments {

struct MetricInfo {
  std::string name;
  std::string help;
  std::string unit = {};  // "seconds", "bytes"; the name ends with it
};

using Labels = std::vector<std::pair<std::string, std::string>>;

// Safe for concurrent use. What is declared must be there as long as anybody asks for an
// exposition.
class Metrics {
 public:
  using Reading = std::function<double()>;

  // One more child of the family of that name. The children of a family have the same labels, in
  // the same order, with other values.
  void counter(const MetricInfo& info, Labels labels, Reading reading);
  void counter(const MetricInfo& info, Labels labels, const Counter& counter);
  void gauge(const MetricInfo& info, Labels labels, Reading reading);
  void gauge(const MetricInfo& info, Labels labels, const Gauge& gauge);
  void histogram(const MetricInfo& info, Labels labels, const Histogram& histogram);

  enum class Format {
    prometheus,    // text, version 0.0.4
    open_metrics,  // version 1.0.0, with units and exemplars
  };
  static std::string_view content_type(Format format);

  // By the Accept header of who asks.
  static Format format_for(std::string_view accept);

  std::string exposition(Format format) const;

  enum class Type { counter, gauge, histogram };
  struct Description {
    std::string name;  // as Prometheus has it
    Type type;
    std::string help;
    std::vector<std::string> labels;  // their names
  };
  std::vector<Description> descriptions() const;

 private:
  struct Child {
    Labels labels;
    std::variant<Reading, const Histogram*> source;
  };
  struct Family {
    MetricInfo info;
    Type type;
    std::vector<Child> children = {};
  };

  void add(const MetricInfo& info, Type type, Child child);

  mutable std::mutex mutex_;      // guards the rest
  std::vector<Family> families_;  // in the order of their declaration
};

std::string_view word_of(Metrics::Type type);

}  // namespace comments
