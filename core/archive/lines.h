// An archive file's comments, one after the other, its form and its trailer checked on the way.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "core/archive/tally.h"

namespace comments::archive {

// One thread at a time.
class Lines {
 public:
  explicit Lines(std::istream& in) : in_(in) {}

  // The next comment; nullopt at the end, where the trailer agreed with everything before it.
  // bad_request names the line.
  Result<std::optional<ArchivedComment>> next();

  // After the end.
  const ArchiveTrailer& trailer() const { return trailer_; }

 private:
  Result<std::string> line();
  Error at_line(const Error& error) const;

  std::istream& in_;
  std::int64_t number_ = 0;
  Tally tally_;
  ArchiveTrailer trailer_;
};

}  // namespace comments::archive
