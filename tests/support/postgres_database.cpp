#include "tests/support/postgres_database.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "core/comment/random.h"
#include "core/store/postgres/connection.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

std::string server_url() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* file = std::getenv("COMMENTS_TEST_POSTGRES");
  std::string url;
  if (file == nullptr || !std::getline(std::ifstream(file), url)) {
    throw std::runtime_error("no PostgreSQL server: run this test by ctest, which starts one");
  }
  return url;
}

std::string execute(const std::string& url, const std::string& sql) {
  using namespace postgres;
  std::size_t first = 0;
  const auto until = in(std::chrono::seconds(30));
  auto connection =
      must(Connection::open(must(parse_url(url)), std::chrono::seconds(30), until, first));
  auto rows = must(connection->run({Call{{"", sql}}}, until));
  return rows.front().size() > 0 ? std::string(rows.front().text(0, 0)) : "";
}

}  // namespace

PostgresDatabase::PostgresDatabase(const std::string& definition)
    : name_(fmt::format("test_{:x}", random_number())) {
  auto url = server_url();
  url_ = url.substr(0, url.rfind('/') + 1) + name_;
  execute(url, "CREATE DATABASE " + name_ + " " + definition);
}

PostgresDatabase::~PostgresDatabase() {
  try {
    execute(server_url(), "DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (...) {  // NOLINT(bugprone-empty-catch): the server goes with everything in it
  }
}

std::string PostgresDatabase::run(const std::string& sql) const {
  return execute(url_, sql);
}

std::string PostgresDatabase::run_outside(const std::string& sql) {
  return execute(server_url(), sql);
}

}  // namespace comments::tests
