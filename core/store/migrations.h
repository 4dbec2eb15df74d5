// The history of the stored schema, and who may work on which part of it.
//
// Migrations are numbered from 1, forward only, and applied in a transaction together with their
// lines in the ledger table. A release expands first and contracts at least one release
// later, so that a canary and a rollback can run two releases on one schema; `compatible_from`
// names the oldest release that still works after the migration.
#pragma once

#include <string_view>

namespace comments {

struct Migration {
  int number = 0;
  std::string_view name;
  std::string_view compatible_from;  // a release, "1.2.3"
  std::string_view sql;
};

// Negative, zero or positive, as `left` is an older, the same or a newer release ("1.2.3") than
// `right`. Text after the numbers ("1.2.3-rc1") is ignored.
int compare_releases(std::string_view left, std::string_view right);

}  // namespace comments
