// Posting a file of comments: many at once, safely repeatable, with progress.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/io.h"
#include "core/comment/comments.h"

namespace comments::cli {

struct PostManyOptions {
  std::string from;    // the file; "-" for standard input
  std::string failed;  // where refused lines go; "": next to the file. Not the same file.
  int concurrency = 16;
};

// ok when every line is stored; refused when some were refused (they are in the failed file, with
// the reason); unavailable as soon as the service is, for then running again continues;
// interrupted after SIGINT, when what was under way is answered; failed when a refused line could
// not be kept.
ExitCode post_many(const PostManyOptions& options, bool json, Comments& service, Io& io);

}  // namespace comments::cli
