#include "core/store/postgres/store.h"
#include "tests/contract/implementations.h"
#include "tests/support/postgres_database.h"

namespace comments::tests {
namespace {

Subject in_postgres(const std::string& isolation) {
  auto now = test_time();
  auto database = std::make_shared<PostgresDatabase>();
  PostgresDatabase::run_outside("ALTER DATABASE " + database->name() +
                                " SET default_transaction_isolation = '" + isolation + "'");
  auto store = must(open_postgres_store({.url = database->url()}, clock_of(now)));
  return {"postgres, " + isolation, keeping_alive<Store>(std::move(store), database), now};
}

// Half of all transactions fail as if another one had been in the way: the one half of these at
// their first write, the other at their COMMIT. An engine that is always serializable does that.
Subject in_conflicts() {
  auto now = test_time();
  auto database = std::make_shared<PostgresDatabase>();
  must(migrate_postgres(database->url()));
  database->run(
      "CREATE FUNCTION sometimes_conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      " IF random() < 0.3 THEN RAISE 'in the way' USING ERRCODE = '40001'; END IF;"
      " RETURN NEW; END $$");
  database->run(
      "CREATE TRIGGER at_once BEFORE UPDATE ON writers"
      " FOR EACH ROW EXECUTE FUNCTION sometimes_conflict()");
  database->run(
      "CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON writers DEFERRABLE INITIALLY DEFERRED"
      " FOR EACH ROW EXECUTE FUNCTION sometimes_conflict()");
  auto store = must(open_postgres_store({.url = database->url()}, clock_of(now)));
  return {"postgres, with conflicts", keeping_alive<Store>(std::move(store), database), now};
}

}  // namespace

const std::vector<Implementation>& implementations() {
  static const std::vector<Implementation> all{
      {"postgres", [] { return in_postgres("read committed"); }},
      {"postgres, serializable", [] { return in_postgres("serializable"); }},
      {"postgres, with conflicts", in_conflicts},
      {"http over postgres", [] { return over_http(in_postgres("read committed")); }},
  };
  return all;
}

}  // namespace comments::tests
