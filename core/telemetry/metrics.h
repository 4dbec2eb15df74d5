// What the process counts, for Prometheus.
//
// Everything is declared before the process serves, every label value included, and exists from
// then on at 0: how many series there are is decided here, not by what comes in. Counting is one
// relaxed atomic addition on a cache line of its own, and needs no look-up: whoever counts keeps
// the reference.
//
// Names and units: https://prometheus.io/docs/practices/naming/ (seconds, bytes; counters without
// `_total`, which the exposition adds).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comments {

// Safe for concurrent use.
class alignas(64) Counter {
 public:
  void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  // For what somebody else counts, and only ever upwards.
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// Safe for concurrent use.
class alignas(64) Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double more) { value_.fetch_add(more, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

// Which request an observation was: 32 and 16 hexadecimal digits (W3C Trace Context).
struct Exemplar {
  std::string trace_id;
  std::string span_id;
  double value = 0;
  double time = 0;  // seconds since 1970
};

// Safe for concurrent use. Values are kept in billionths: nanoseconds of what is in seconds.
class alignas(64) Histogram {
 public:
  static constexpr std::size_t kMaxBounds = 20;

  // `bounds`: upper, inclusive, ascending, at most kMaxBounds of them; +Inf comes by itself.
  explicit Histogram(std::span<const double> bounds);

  void observe(double value);

  // As observe(), and remembers this one for its bucket, unless another thread is just doing so.
  void observe(double value, std::string_view trace_id, std::string_view span_id);

  struct Snapshot {
    std::vector<std::uint64_t> buckets;  // not cumulative; one more than there are bounds
    std::uint64_t count = 0;
    double sum = 0;
    std::vector<Exemplar> exemplars;  // one a bucket; without a trace_id: none
  };
  Snapshot snapshot() const;

  std::span<const double> bounds() const { return {bounds_.data(), size_}; }

 private:
  std::size_t bucket_of(double value) const;

  std::array<double, kMaxBounds> bounds_{};
  std::size_t size_ = 0;
  std::array<std::atomic<std::uint64_t>, kMaxBounds + 1> buckets_{};
  std::atomic<std::int64_t> sum_billionths_ = 0;

  mutable std::mutex mutex_;  // guards the next
  std::array<Exemplar, kMaxBounds + 1> exemplars_;
};

struct MetricInfo {
  std::string name;
  std::string help;
  std::string unit = {};  // "seconds", "bytes"; the name ends with it
};

using Labels = std::vector<std::pair<std::string, std::string>>;

// Declared by one thread, before others count; then safe for concurrent use.
class Metrics {
 public:
  // One more child of the family of that name; references stay valid as long as this object. The
  // children of a family have the same labels, in the same order, with other values.
  Counter& counter(const MetricInfo& info, const Labels& labels = {});
  Gauge& gauge(const MetricInfo& info, const Labels& labels = {});
  Histogram& histogram(const MetricInfo& info, std::span<const double> bounds,
                       const Labels& labels = {});

  // Called before every exposition: for what is looked up rather than counted.
  void before_exposition(std::function<void()> look);

  enum class Format {
    prometheus,    // text, version 0.0.4
    open_metrics,  // version 1.0.0, with units and exemplars
  };
  static std::string_view content_type(Format format);
  std::string exposition(Format format) const;

  // The names of all families, as they are exposed by Prometheus' text, for tests of what is
  // documented.
  std::vector<std::string> names() const;

 private:
  enum class Type { counter, gauge, histogram };
  struct Child {
    std::string labels;  // `route="/x",status="200"`
    std::size_t index = 0;
  };
  struct Family {
    MetricInfo info;
    Type type = Type::counter;
    std::vector<Child> children;
  };

  Family& family(const MetricInfo& info, Type type);
  void append_family(std::string& text, const Family& family, Format format) const;
  void append_histogram(std::string& text, const Family& family, const Child& child,
                        Format format) const;

  std::deque<Family> families_;  // in the order of their declaration
  std::deque<Counter> counters_;
  std::deque<Gauge> gauges_;
  std::deque<Histogram> histograms_;
  std::vector<std::function<void()>> looks_;
};

}  // namespace comments
