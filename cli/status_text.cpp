#include "cli/status_text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/number_words.h"
#include "cli/screen_text.h"
#include "cli/sparkline.h"

namespace comments::cli {
namespace {

using Number = std::optional<double>;

constexpr std::string_view kUnknown = "-";

constexpr double kErrorBudget = 0.001;  // what the availability objective allows, 99.9 %
constexpr double kNearlyFull = 0.8;

std::string cores(double number) {
  return short_text(number) + " cores";
}

std::string shown(Number number, std::string (*text)(double)) {
  return number ? text(*number) : std::string(kUnknown);
}

std::string shown_of(Number number, Number limit, std::string (*text)(double)) {
  return limit ? fmt::format("{} of {}", shown(number, text), text(*limit)) : shown(number, text);
}

std::string_view paint_of(ops::Verdict verdict) {
  switch (verdict) {
    case ops::Verdict::ready:
      return colour_of::kGood;
    case ops::Verdict::degraded:
      return colour_of::kAttention;
    case ops::Verdict::unreachable:
      break;
  }
  return colour_of::kBad;
}

std::string verdict_line(const ops::ServiceStatus& status, bool colour,
                         std::optional<Timestamp> unreachable_since) {
  if (!status.health) {
    auto line = painted("UNREACHABLE", paint_of(status.verdict), colour) + "  " + status.url;
    if (unreachable_since) {
      const std::chrono::duration<double> away = status.time - *unreachable_since;
      line += fmt::format(", since {} ({})", clock_text(*unreachable_since),
                          time_text(std::max(0.0, away.count())));
    }
    return line + '\n';
  }
  const auto& health = *status.health;
  const bool contradicts = health.status == "READY" && status.verdict != ops::Verdict::ready;
  const auto verdict =
      contradicts || health.status.empty() ? "NOT READY" : first_of(health.status, 16);
  auto line =
      fmt::format("{}  comments {} ({}), revision {}",
                  painted(verdict, paint_of(status.verdict), colour), first_of(health.version, 12),
                  first_of(health.commit, 7, ""), first_of(health.revision_name, 24));
  if (status.figures && status.figures->uptime) {
    line += ", up " + time_text(*status.figures->uptime);
  }
  return line + '\n';
}

struct Row {
  std::string label;
  std::string lately;
  std::string since_start;
  bool attention = false;  // for what has happened lately
};

struct Level {
  std::string label;
  std::string value;
  bool attention = false;
};

std::vector<Row> rows_of(const ops::Activity& lately, const ops::Activity& ever) {
  const auto row = [&](std::string label, Number ops::Activity::*figure,
                       std::string (*text)(double)) {
    return Row{std::move(label), shown(lately.*figure, text), shown(ever.*figure, text)};
  };
  const auto rate = [&](std::string label, Number ops::Activity::*speed,
                        Number ops::Activity::*count) {
    return Row{std::move(label), shown(lately.*speed, per_second), shown(ever.*count, count_text)};
  };
  using ops::Activity;
  std::vector rows{
      rate("requests", &Activity::requests_per_second, &Activity::requests),
      row("errors", &Activity::error_ratio, percent),
      row("slower than 100 ms", &Activity::slow_ratio, percent),
      row("p50", &Activity::p50, duration),
      row("p99", &Activity::p99, duration),
      row("found in the cache", &Activity::cache_hit_ratio, percent),
      rate("comments", &Activity::created_per_second, &Activity::created),
      row("commit p50", &Activity::commit_p50, duration),
      row("commit p99", &Activity::commit_p99, duration),
      row("errors logged", &Activity::log_errors, count_text),
      row("CPU", &Activity::cpu_cores, cores),
  };
  rows[1].attention = lately.error_ratio.value_or(0) > kErrorBudget;
  rows[9].attention = lately.log_errors.value_or(0) > 0;
  return rows;
}

bool is_nearly_full(Number number, Number limit) {
  return number && limit && *limit > 0 && *number >= kNearlyFull * *limit;
}

std::vector<Level> levels_of(const ops::Levels& now) {
  return {
      {"connections", shown_of(now.connections, now.max_connections, count_text),
       is_nearly_full(now.connections, now.max_connections)},
      {"under way", shown(now.active_requests, count_text)},
      {"posts waiting", shown_of(now.queue_depth, now.queue_capacity, count_text),
       is_nearly_full(now.queue_depth, now.queue_capacity)},
      {"followers", shown(now.followers, count_text)},
      {"cache", shown_of(now.cache_bytes, now.max_cache_bytes, bytes)},
      {"memory", shown(now.memory_bytes, bytes)},
      {"open files", shown_of(now.open_files, now.max_files, count_text),
       is_nearly_full(now.open_files, now.max_files)},
  };
}

std::string figures_text(const ops::Figures& figures, bool colour) {
  const auto attention = [&](std::string text, bool needed) {
    return needed ? painted(std::move(text), colour_of::kAttention, colour) : text;
  };
  const auto lately = figures.lately.value_or(ops::Activity{});
  const auto span =
      figures.lately ? fmt::format("last {:.1f} s", lately.seconds) : std::string("lately");
  auto text = painted(fmt::format("{:<20}{:>12}{:>13}", "", span, "since start"), colour_of::kQuiet,
                      colour) +
              '\n';
  const auto rows = rows_of(lately, figures.since_start);
  const auto levels = levels_of(figures.levels);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += fmt::format("{:<20}{}{:>13}", rows[i].label,
                        attention(fmt::format("{:>12}", rows[i].lately), rows[i].attention),
                        rows[i].since_start);
    if (i < levels.size()) {
      text += fmt::format("  {:<13}{}", levels[i].label,
                          attention(fmt::format("{:>20}", levels[i].value), levels[i].attention));
    }
    text += '\n';
  }
  return text;
}

void push(std::vector<Number>& values, Number value) {
  if (values.size() == History::kLength) {
    values.erase(values.begin());
  }
  values.push_back(value);
}

std::string trend_line(std::string_view label, const std::vector<Number>& values,
                       std::string (*text)(double)) {
  const auto largest = *std::max_element(values.begin(), values.end());  // nullopt is the smallest
  return largest ? fmt::format("{:<6}{}  max {}\n", label, sparkline(values), text(*largest)) : "";
}

}  // namespace

std::string status_text(const ops::ServiceStatus& status, bool colour,
                        std::optional<Timestamp> unreachable_since) {
  auto text = verdict_line(status, colour, unreachable_since);
  if (status.health) {
    text += fmt::format("{}{}, {}\n", status.url,
                        status.figures ? ", figures of " + status.admin_url : "",
                        clock_text(status.time));
  }
  text += paragraph(status.message);
  if (status.figures) {
    text += '\n' + figures_text(*status.figures, colour);
  }
  return text + paragraph(status.figures_message);
}

void History::note(const ops::ServiceStatus& status) {
  const auto lately = status.figures ? status.figures->lately : std::nullopt;
  push(requests_per_second, lately ? lately->requests_per_second : std::nullopt);
  push(p99, lately ? lately->p99 : std::nullopt);
  if (status.verdict != ops::Verdict::unreachable) {
    unreachable_since.reset();
  } else if (!unreachable_since) {
    unreachable_since = status.time;
  }
}

std::string trend_text(const History& history) {
  if (history.requests_per_second.empty()) {
    return {};
  }
  auto text = trend_line("rate", history.requests_per_second, per_second) +
              trend_line("p99", history.p99, duration);
  return text.empty() ? text : '\n' + text;
}

}  // namespace comments::cli
