// The one table of errors as they travel: our code, its word in the body, its HTTP status.
// The server reads it forwards, the client backwards, so an error crosses the wire unchanged.
#pragma once

#include <optional>
#include <string_view>

#include "core/comment/result.h"

namespace comments {

struct ErrorRow {
  ErrorCode code;
  std::string_view status;  // the `status` of an error's body
  int http;
};

const ErrorRow& row_of(ErrorCode code);

// How to read an answer: by the word if the body has a known one, else by the HTTP status.
ErrorCode error_code_of(std::string_view status, int http);

}  // namespace comments
