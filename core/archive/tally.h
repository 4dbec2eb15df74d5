// What an archive's trailer says, summed up line by line.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/wire/archive_json.h"

struct evp_md_ctx_st;

namespace comments::archive {

// One thread at a time.
class Tally {
 public:
  Tally();

  // `line`: that of the comment, with its line feed. A thread's comments come one after the other.
  void add(const ArchivedComment& archived, std::string_view line);

  // Of everything added; afterwards nothing may be added.
  ArchiveTrailer finish();

  std::int64_t comments() const { return trailer_.comments; }

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> digest_;
  ArchiveTrailer trailer_;
  std::string thread_;
};

}  // namespace comments::archive
