#include "cli/exit_code.h"

#include "core/wire/error_table.h"

namespace comments::cli {

ExitCode exit_code_of(const Error& error) {
  const int http = row_of(error.code).http;
  if (http == 503) {
    return ExitCode::unavailable;
  }
  return http < 500 ? ExitCode::refused : ExitCode::failed;
}

}  // namespace comments::cli
