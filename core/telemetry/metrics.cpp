#include "core/telemetry/metrics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace comments {
namespace {

constexpr double kBillion = 1e9;

// As both formats have label values and help texts.
std::string escaped(std::string_view text, bool quotes) {
  std::string result;
  for (const char byte : text) {
    if (byte == '\\' || (quotes && byte == '"')) {
      result += '\\';
    }
    if (byte == '\n') {
      result += "\\n";
    } else {
      result += byte;
    }
  }
  return result;
}

std::string label_text(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, escaped(value, true));
  }
  return text;
}

std::string in_braces(std::string_view labels) {
  return labels.empty() ? std::string() : fmt::format("{{{}}}", labels);
}

// `1`, `0.25`, `1e+20`: the shortest that reads back as the same number.
std::string number_text(double value) {
  return std::isinf(value) ? (value > 0 ? "+Inf" : "-Inf") : fmt::format("{}", value);
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds) : size_(std::min(bounds.size(), kMaxBounds)) {
  std::copy_n(bounds.begin(), size_, bounds_.begin());
}

std::size_t Histogram::bucket_of(double value) const {
  const auto end = bounds_.begin() + static_cast<std::ptrdiff_t>(size_);
  return static_cast<std::size_t>(std::lower_bound(bounds_.begin(), end, value) - bounds_.begin());
}

void Histogram::observe(double value) {
  buckets_[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
  sum_billionths_.fetch_add(std::llround(value * kBillion), std::memory_order_relaxed);
}

void Histogram::observe(double value, std::string_view trace_id, std::string_view span_id) {
  observe(value);
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    exemplars_[bucket_of(value)] = {std::string(trace_id), std::string(span_id), value,
                                    std::chrono::duration<double>(now).count()};
  }
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot now;
  for (std::size_t i = 0; i <= size_; ++i) {
    now.buckets.push_back(buckets_[i].load(std::memory_order_relaxed));
    now.count += now.buckets.back();  // of the buckets themselves, so that they always agree
  }
  now.sum = static_cast<double>(sum_billionths_.load(std::memory_order_relaxed)) / kBillion;
  const std::lock_guard lock(mutex_);
  now.exemplars.assign(exemplars_.begin(),
                       exemplars_.begin() + static_cast<std::ptrdiff_t>(size_) + 1);
  return now;
}

Metrics::Family& Metrics::family(const MetricInfo& info, Type type) {
  const auto found = std::find_if(families_.begin(), families_.end(), [&](const Family& family) {
    return family.info.name == info.name;
  });
  return found != families_.end() ? *found : families_.emplace_back(Family{info, type, {}});
}

Counter& Metrics::counter(const MetricInfo& info, const Labels& labels) {
  family(info, Type::counter).children.push_back({label_text(labels), counters_.size()});
  return counters_.emplace_back();
}

Gauge& Metrics::gauge(const MetricInfo& info, const Labels& labels) {
  family(info, Type::gauge).children.push_back({label_text(labels), gauges_.size()});
  return gauges_.emplace_back();
}

Histogram& Metrics::histogram(const MetricInfo& info, std::span<const double> bounds,
                              const Labels& labels) {
  family(info, Type::histogram).children.push_back({label_text(labels), histograms_.size()});
  return histograms_.emplace_back(bounds);
}

void Metrics::before_exposition(std::function<void()> look) {
  looks_.push_back(std::move(look));
}

std::string_view Metrics::content_type(Format format) {
  return format == Format::open_metrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string Metrics::exposition(Format format) const {
  for (const auto& look : looks_) {
    look();
  }
  std::string text;
  for (const auto& family : families_) {
    append_family(text, family, format);
  }
  if (format == Format::open_metrics) {
    text += "# EOF\n";
  }
  return text;
}

void Metrics::append_family(std::string& text, const Family& family, Format format) const {
  const bool open = format == Format::open_metrics;
  const auto* type = family.type == Type::counter ? "counter"
                     : family.type == Type::gauge ? "gauge"
                                                  : "histogram";
  const auto sample = family.info.name + (family.type == Type::counter ? "_total" : "");
  const auto& name = open ? family.info.name : sample;
  text += fmt::format("# HELP {} {}\n", name, escaped(family.info.help, open));
  text += fmt::format("# TYPE {} {}\n", name, type);
  if (open && !family.info.unit.empty()) {
    text += fmt::format("# UNIT {} {}\n", name, family.info.unit);
  }
  for (const auto& child : family.children) {
    switch (family.type) {
      case Type::counter:
        text += fmt::format("{}{} {}\n", sample, in_braces(child.labels),
                            counters_[child.index].value());
        break;
      case Type::gauge:
        text += fmt::format("{}{} {}\n", sample, in_braces(child.labels),
                            number_text(gauges_[child.index].value()));
        break;
      case Type::histogram:
        append_histogram(text, family, child, format);
        break;
    }
  }
}

void Metrics::append_histogram(std::string& text, const Family& family, const Child& child,
                               Format format) const {
  const auto& histogram = histograms_[child.index];
  const auto now = histogram.snapshot();
  const auto& name = family.info.name;
  const auto* comma = child.labels.empty() ? "" : ",";
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < now.buckets.size(); ++i) {
    cumulative += now.buckets[i];
    const auto bound = i < histogram.bounds().size() ? number_text(histogram.bounds()[i]) : "+Inf";
    text +=
        fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}", name, child.labels, comma, bound, cumulative);
    const auto& exemplar = now.exemplars[i];
    if (format == Format::open_metrics && !exemplar.trace_id.empty()) {
      text += fmt::format(" # {{trace_id=\"{}\",span_id=\"{}\"}} {} {:.3f}", exemplar.trace_id,
                          exemplar.span_id, number_text(exemplar.value), exemplar.time);
    }
    text += '\n';
  }
  text += fmt::format("{}_sum{} {}\n", name, in_braces(child.labels), number_text(now.sum));
  text += fmt::format("{}_count{} {}\n", name, in_braces(child.labels), now.count);
}

std::vector<std::string> Metrics::names() const {
  std::vector<std::string> names;
  for (const auto& family : families_) {
    names.push_back(family.info.name + (family.type == Type::counter ? "_total" : ""));
  }
  return names;
}

}  // namespace comments
