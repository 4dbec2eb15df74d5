// The history of the stored schema, and who may work on which part of it.
//
// Migrations are numbered from 1, forward only, and applied in a transaction together with their
// lines in the ledger table. A release expands first and contracts at least one release
// later, so that a canary and a rollback can run two releases on one schema; `compatible_from`
// names the oldest release that still works after the migration.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/comment/result.h"

namespace comments {

struct Migration {
  int number = 0;
  std::string_view name;
  std::string_view compatible_from;  // a release, "1.2.3"
  std::string_view sql;
};

// A line of the ledger.
struct AppliedMigration {
  int number = 0;
  std::string compatible_from;
};

// Those of `known` that are not applied yet, in order. unavailable where a newer release has been
// there whose migrations `release` cannot work with; the message says which release to run.
// `where` names the database, for the message.
Result<std::vector<Migration>> pending_migrations(std::span<const Migration> known,
                                                  std::span<const AppliedMigration> applied,
                                                  std::string_view release, std::string_view where);

// What a look at a database's schema, and the work on it, came to.
struct SchemaState {
  std::uint64_t store_id = 0;
  int before = 0;  // the number of the last migration that was applied; 0: none
  int now = 0;
};

// Negative, zero or positive, as `left` is an older, the same or a newer release ("1.2.3") than
// `right`. Text after the numbers ("1.2.3-rc1") is ignored.
int compare_releases(std::string_view left, std::string_view right);

}  // namespace comments
