// What export and import say: how far they are, and what came of it.
#pragma once

#include <string>
#include <string_view>

#include "cli/io.h"
#include "cli/progress.h"
#include "core/archive/archive.h"

namespace comments::cli {

// On a terminal a bar, elsewhere silent until finish(). One thread at a time; `verb` outlives it.
class ArchiveProgress {
 public:
  ArchiveProgress(Io& io, std::string_view verb);

  archive::OnProgress listener();
  void finish();

 private:
  Progress progress_;
  const bool is_terminal_;
  Progress::State state_;
};

// "exported 12 comments of 3 threads, sha256 …" for people, on the stream for messages; or JSON, as
// a result.
void print_trailer(const ArchiveTrailer& trailer, std::string_view verb, bool json, Io& io);

}  // namespace comments::cli
