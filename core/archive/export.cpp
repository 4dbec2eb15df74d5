#include <ostream>

#include "core/archive/archive.h"
#include "core/archive/tally.h"
#include "core/version.h"

namespace comments::archive {
namespace {

constexpr std::size_t kAtOnce = 1'000;

}  // namespace

Result<ArchiveTrailer> export_all(ArchiveReader& from, std::ostream& out,
                                  const OnProgress& on_progress) {
  const auto total = from.total();
  if (!total) {
    return total.error();
  }
  out << archive_header(kVersion);
  Tally tally;
  for (;;) {
    const auto some = from.next(kAtOnce);
    if (!some) {
      return some.error();
    }
    for (const auto& one : *some) {
      const auto line = archive_line(one);
      tally.add(one, line);
      out << line;
    }
    if (!out) {
      break;
    }
    on_progress(tally.comments(), *total);
    if (some->empty()) {
      break;
    }
  }
  auto trailer = tally.finish();
  out << archive_trailer(trailer);
  if (!out.flush()) {
    return Error{ErrorCode::internal, "the archive cannot be written; is there space left?", {}};
  }
  return trailer;
}

}  // namespace comments::archive
