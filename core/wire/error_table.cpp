#include "core/wire/error_table.h"

#include <algorithm>
#include <array>

namespace comments {
namespace {

constexpr std::array kTable{
    ErrorRow{ErrorCode::bad_request, "BAD-REQUEST", 400},
    ErrorRow{ErrorCode::not_found, "NOT-FOUND", 404},
    ErrorRow{ErrorCode::method_not_allowed, "METHOD-NOT-ALLOWED", 405},
    ErrorRow{ErrorCode::request_timeout, "REQUEST-TIMEOUT", 408},
    ErrorRow{ErrorCode::too_large, "TOO-LARGE", 413},  // framing says 414 and 431 with it
    ErrorRow{ErrorCode::unsupported_media_type, "UNSUPPORTED-MEDIA-TYPE", 415},
    ErrorRow{ErrorCode::idempotency_conflict, "IDEMPOTENCY-CONFLICT", 422},
    ErrorRow{ErrorCode::rate_limited, "RATE-LIMITED", 429},
    ErrorRow{ErrorCode::internal, "INTERNAL", 500},
    ErrorRow{ErrorCode::not_implemented, "NOT-IMPLEMENTED", 501},
    ErrorRow{ErrorCode::unavailable, "UNAVAILABLE", 503},
    ErrorRow{ErrorCode::overloaded, "OVERLOADED", 503},
    ErrorRow{ErrorCode::version_not_supported, "VERSION-NOT-SUPPORTED", 505},
};

}  // namespace

const ErrorRow& row_of(ErrorCode code) {
  const auto* row =
      std::find_if(kTable.begin(), kTable.end(), [&](const ErrorRow& r) { return r.code == code; });
  return *row;
}

ErrorCode error_code_of(std::string_view status, int http) {
  const auto first = [](auto matches) -> std::optional<ErrorCode> {
    const auto* row = std::find_if(kTable.begin(), kTable.end(), matches);
    return row == kTable.end() ? std::nullopt : std::optional(row->code);
  };
  if (const auto by_word = first([&](const ErrorRow& r) { return r.status == status; })) {
    return *by_word;
  }
  if (const auto by_number = first([&](const ErrorRow& r) { return r.http == http; })) {
    return *by_number;
  }
  switch (http) {
    case 414:
    case 431:
      return ErrorCode::too_large;
    case 502:
    case 504:
      return ErrorCode::unavailable;
    default:
      return http >= 400 && http < 500 ? ErrorCode::bad_request : ErrorCode::internal;
  }
}

}  // namespace comments
