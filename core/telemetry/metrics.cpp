#include "core/telemetry/metrics.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace comments {
namespace {

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

std::string exemplar_text(const Exemplar& exemplar) {
  return fmt::format(" # {{trace_id=\"{}\",span_id=\"{}\"}} {} {:.3f}", exemplar.trace_id,
                     exemplar.span_id, number_text(exemplar.value), exemplar.time);
}

void append_histogram(std::string& text, std::string_view name, const std::string& labels,
                      const Histogram& histogram, bool exemplars) {
  const auto now = histogram.snapshot();
  const auto* comma = labels.empty() ? "" : ",";
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < now.buckets.size(); ++i) {
    cumulative += now.buckets[i];
    const auto bound = i < histogram.bounds().size() ? number_text(histogram.bounds()[i]) : "+Inf";
    fmt::format_to(std::back_inserter(text), "{}_bucket{{{}{}le=\"{}\"}} {}", name, labels, comma,
                   bound, cumulative);
    if (exemplars && !now.exemplars[i].trace_id.empty()) {
      text += exemplar_text(now.exemplars[i]);
    }
    text += '\n';
  }
  const auto braced = in_braces(labels);
  fmt::format_to(std::back_inserter(text), "{0}_sum{1} {2}\n{0}_count{1} {3}\n", name, braced,
                 number_text(now.sum), now.count);
}

std::string sample_name(const MetricInfo& info, Metrics::Type type) {
  return info.name + (type == Metrics::Type::counter ? "_total" : "");
}

}  // namespace

std::string_view word_of(Metrics::Type type) {
  return type == Metrics::Type::counter ? "counter"
         : type == Metrics::Type::gauge ? "gauge"
                                        : "histogram";
}

void Metrics::add(const MetricInfo& info, Type type, Child child) {
  const std::lock_guard lock(mutex_);
  auto found = std::find_if(families_.begin(), families_.end(),
                            [&](const Family& family) { return family.info.name == info.name; });
  if (found == families_.end()) {
    found = families_.insert(found, Family{info, type});
  }
  found->children.push_back(std::move(child));
}

void Metrics::counter(const MetricInfo& info, Labels labels, Reading reading) {
  add(info, Type::counter, {std::move(labels), std::move(reading)});
}

void Metrics::counter(const MetricInfo& info, Labels labels, const Counter& counter) {
  this->counter(info, std::move(labels), [&] { return static_cast<double>(counter.value()); });
}

void Metrics::gauge(const MetricInfo& info, Labels labels, Reading reading) {
  add(info, Type::gauge, {std::move(labels), std::move(reading)});
}

void Metrics::gauge(const MetricInfo& info, Labels labels, const Gauge& gauge) {
  this->gauge(info, std::move(labels), [&] { return gauge.value(); });
}

void Metrics::histogram(const MetricInfo& info, Labels labels, const Histogram& histogram) {
  add(info, Type::histogram, {std::move(labels), &histogram});
}

std::string_view Metrics::content_type(Format format) {
  return format == Format::open_metrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

Metrics::Format Metrics::format_for(std::string_view accept) {
  return accept.find("application/openmetrics-text") != std::string_view::npos
             ? Format::open_metrics
             : Format::prometheus;
}

std::string Metrics::exposition(Format format) const {
  const bool open = format == Format::open_metrics;
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& family : families_) {
    const auto sample = sample_name(family.info, family.type);
    const auto& name = open ? family.info.name : sample;
    text += fmt::format("# HELP {} {}\n", name, escaped(family.info.help, open));
    text += fmt::format("# TYPE {} {}\n", name, word_of(family.type));
    if (open && !family.info.unit.empty()) {
      text += fmt::format("# UNIT {} {}\n", name, family.info.unit);
    }
    for (const auto& child : family.children) {
      const auto labels = label_text(child.labels);
      if (const auto* histogram = std::get_if<const Histogram*>(&child.source)) {
        append_histogram(text, family.info.name, labels, **histogram, open);
      } else {
        text += fmt::format("{}{} {}\n", sample, in_braces(labels),
                            number_text(std::get<Reading>(child.source)()));
      }
    }
  }
  if (open) {
    text += "# EOF\n";
  }
  return text;
}

std::vector<Metrics::Description> Metrics::descriptions() const {
  const std::lock_guard lock(mutex_);
  std::vector<Description> all;
  for (const auto& family : families_) {
    auto& one = all.emplace_back(
        Description{sample_name(family.info, family.type), family.type, family.info.help, {}});
    for (const auto& [name, value] : family.children.front().labels) {
      one.labels.push_back(name);
    }
  }
  return all;
}

}  // namespace comments
