// The lines of a file that were refused, each with its reason, in a file of their own.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace comments::cli {

// The file is made at the first line, and then takes the place of an older one; without a line,
// nothing is touched. It is never removed. One thread at a time.
class FailedLines {
 public:
  explicit FailedLines(std::string path) : path_(std::move(path)) {}

  void add(std::int64_t number, std::string_view reason, std::string_view text);

  // False once a line could not be written: it is lost.
  bool good() const { return good_; }

  // Nothing more is added; what is still in memory is written.
  void close();

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  std::ofstream file_;
  bool good_ = true;
};

}  // namespace comments::cli
