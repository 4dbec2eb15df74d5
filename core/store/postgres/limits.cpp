#include "core/store/postgres/limits.h"

#include <fmt/format.h>

namespace comments::postgres {
namespace {

constexpr Statement kSet{"comments_limits_2",
                         "SELECT set_config('statement_timeout', $1, true),"
                         " set_config('idle_in_transaction_session_timeout', $2, true)"};

}  // namespace

Call limits(std::chrono::milliseconds statement, std::chrono::milliseconds idle) {
  return {kSet, {fmt::format("{}", statement.count()), fmt::format("{}", idle.count())}};
}

}  // namespace comments::postgres
