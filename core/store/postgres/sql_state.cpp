#include "core/store/postgres/sql_state.h"

#include <algorithm>
#include <array>

namespace comments::postgres {

// 25006: a primary has become a standby under us. 40003: nobody knows what
// became of the transaction.
bool is_loss(std::string_view state) {
  constexpr std::array<std::string_view, 6> kStates{"57P01", "57P02", "57P03",
                                                    "57P05", "25006", "40003"};
  return state.starts_with("08") ||
         std::find(kStates.begin(), kStates.end(), state) != kStates.end();
}

// serialization_failure, deadlock_detected, and a transaction that was taken from us.
bool is_conflict(std::string_view state) {
  return state == "40001" || state == "40P01" || state == "25P03";
}

bool is_about_preparing(std::string_view state) {
  return state == "26000" || state == "42P05";
}

}  // namespace comments::postgres
