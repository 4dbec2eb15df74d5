#include "cli/value_rules.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cli/command.h"
#include "core/api/cors.h"

namespace comments::cli {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 40;
constexpr double kMaxSeconds = 3'600;
constexpr int kMaxPerMinute = 1'000'000;

template <typename Number>
std::optional<Number> number_with(const CLI::Validator& unit, std::string text) {
  Number number{};
  try {
    const bool fits = unit(text).empty() && CLI::detail::lexical_cast(text, number);
    return fits ? std::optional(number) : std::nullopt;
  } catch (const CLI::ValidationError&) {
    return std::nullopt;
  }
}

std::string to_bytes(std::string& text) {
  const bool begins_well = !text.empty() && text[0] >= '0' && text[0] <= '9';  // -1 would wrap
  const auto bytes = begins_well ? number_with<std::uint64_t>(CLI::AsSizeValue(false), text)
                                 : std::optional<std::uint64_t>();
  if (!bytes || *bytes > kMaxBytes) {
    return fmt::format("'{}' is no size; write 64MiB, 500KiB or 0, at most 1TiB", text);
  }
  text = fmt::format("{}", *bytes);
  return {};
}

std::string to_seconds(std::string& text, double least) {
  const std::map<std::string, double> units{{"ms", 0.001}, {"s", 1.0}};
  const auto seconds = number_with<double>(CLI::AsNumberWithUnit(units), text);
  if (!seconds || !(*seconds >= least && *seconds <= kMaxSeconds)) {
    return fmt::format("'{}' is no delay; write {}, at most 3600s", text,
                       least > 0 ? fmt::format("60s, at least {}s", least) : "5s or 500ms");
  }
  text = fmt::format("{}", *seconds);
  return {};
}

std::string to_per_minute(std::string& text) {
  constexpr std::string_view kUnit = "/min";
  int number = 0;
  const auto digits = text.ends_with(kUnit) ? text.substr(0, text.size() - kUnit.size()) : "";
  if (text != "off" &&
      (!CLI::detail::lexical_cast(digits, number) || number < 1 || number > kMaxPerMinute)) {
    return fmt::format("'{}' is no rate; write 60/min, or off", text);
  }
  text = fmt::format("{}", number);
  return {};
}

std::string check_origins(const std::string& list) {
  const auto found = split_list(list);
  for (const auto& origin : found) {
    if (!api::is_origin(origin) || (origin == "*" && found.size() > 1)) {
      return fmt::format(
          "'{}' is no origin; write https://example.com, several with commas between them, or * "
          "for all",
          origin);
    }
  }
  return {};
}

std::string check_header_text(const std::string& text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return printable ? "" : "it must be printable ASCII, on one line";
}

}  // namespace

CLI::Validator byte_size() {
  return {to_bytes, ""};
}

CLI::Validator delay(double least) {
  return {[least](std::string& text) { return to_seconds(text, least); }, ""};
}

CLI::Validator rate() {
  return {to_per_minute, ""};
}

CLI::Validator origin_list() {
  return {check_origins, ""};
}

std::vector<std::string> split_list(const std::string& list) {
  return list.empty() ? std::vector<std::string>() : CLI::detail::split(list, ',');
}

int port_number(const std::string& text, const std::string& source) {
  int port = 0;
  if (!CLI::detail::lexical_cast(text, port) || port < 0 || port > 65'535) {
    throw UsageError(
        fmt::format("{}: '{}' is no port; it takes a number from 0 to 65535", source, text));
  }
  return port;
}

CLI::Validator header_text() {
  return {check_header_text, ""};
}

}  // namespace comments::cli
