// A database of its own in the server that ctest has started for the tests (the fixture
// `postgres`; $COMMENTS_TEST_POSTGRES names the file with its URL).
#pragma once

#include <string>

namespace comments::tests {

class PostgresDatabase {
 public:
  // `definition` follows CREATE DATABASE name, such as "ENCODING 'LATIN1' TEMPLATE template0".
  explicit PostgresDatabase(const std::string& definition = "");
  ~PostgresDatabase();
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;

  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }

  // One statement, in this database; the first column of its first row.
  std::string run(const std::string& sql) const;

  // One statement, in the server's own database.
  static std::string run_outside(const std::string& sql);

 private:
  std::string name_;
  std::string url_;
};

}  // namespace comments::tests
