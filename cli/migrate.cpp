// comments migrate: a store's schema brought up to date, before a rollout.
#include <ostream>

#include <fmt/format.h>

#include "cli/store_words.h"

namespace comments::cli {
namespace {

struct MigrateOptions {
  StoreWords store;
  bool json = false;
};

ExitCode migrate(const StoreChoice& choice, bool json, Io& io) {
  const auto schema = migrate_store(choice);
  if (!schema) {
    return refuse_store(schema.error(), io);
  }
  if (json) {
    io.out << fmt::format(R"({{"before":{},"format":1,"now":{}}})", schema->before, schema->now)
           << '\n';
  } else if (schema->before == schema->now) {
    io.out << fmt::format("the schema is current, at {}\n", schema->now);
  } else {
    io.out << fmt::format("the schema was at {} and is at {} now\n", schema->before, schema->now);
  }
  return ExitCode::ok;
}

}  // namespace

Action declare_migrate(CLI::App& app) {
  auto options = std::make_shared<MigrateOptions>();
  add_store_options(app, options->store);
  app.add_flag("--json", options->json, "Print {\"before\":N,\"format\":1,\"now\":N}");
  app.footer(
      "Instances of this release and of the one before it may serve meanwhile. `comments serve`\n"
      "does the same at its start; as a command of its own it can be a job before a rollout.");
  return [options, &app](Io& io) {
    return migrate(store_choice(app, options->store, io), options->json, io);
  };
}

}  // namespace comments::cli
