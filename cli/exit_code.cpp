#include "cli/exit_code.h"

#include <fmt/format.h>

#include "core/wire/error_table.h"

namespace comments::cli {
namespace {

std::string_view word_of(ExitCode code) {
  switch (code) {
    case ExitCode::ok:
      return "ok";
    case ExitCode::failed:
      return "failed";
    case ExitCode::usage:
      return "usage";
    case ExitCode::refused:
      return "refused";
    case ExitCode::unavailable:
      return "unavailable";
    case ExitCode::rolled_back:
      return "rolled back";
    case ExitCode::degraded:
      return "degraded";
    case ExitCode::held:
      return "held";
    case ExitCode::interrupted:
      break;
  }
  return "interrupted";
}

}  // namespace

std::string exit_codes_text(std::span<const ExitCode> codes) {
  std::string text;
  for (const auto code : codes) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", static_cast<int>(code), word_of(code));
  }
  return text;
}

ExitCode exit_code_of(const Error& error) {
  const int http = row_of(error.code).http;
  if (http == 503) {
    return ExitCode::unavailable;
  }
  return http < 500 ? ExitCode::refused : ExitCode::failed;
}

}  // namespace comments::cli
