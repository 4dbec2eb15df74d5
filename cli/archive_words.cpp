#include "cli/archive_words.h"

#include <fmt/format.h>

namespace comments::cli {

ArchiveProgress::ArchiveProgress(Io& io, std::string_view verb)
    : progress_(io.err, io.err_is_terminal, verb), is_terminal_(io.err_is_terminal) {}

archive::OnProgress ArchiveProgress::listener() {
  return [this](std::int64_t done, std::int64_t total) {
    state_.done = done;
    if (total > 0) {
      state_.fraction = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    }
    progress_.show(state_);
  };
}

void ArchiveProgress::finish() {
  if (is_terminal_) {
    progress_.finish(state_);
  }
}

void print_trailer(const ArchiveTrailer& trailer, std::string_view verb, bool json, Io& io) {
  if (json) {
    io.out << fmt::format(R"({{"comments":{},"format":1,"sha256":"{}","threads":{}}})",
                          trailer.comments, trailer.sha256, trailer.threads)
           << '\n';
    return;
  }
  io.err << fmt::format("{} {} comments of {} threads, sha256 {}\n", verb, trailer.comments,
                        trailer.threads, trailer.sha256);
}

}  // namespace comments::cli
