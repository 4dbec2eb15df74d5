#include <vector>

#include "core/archive/archive.h"
#include "core/archive/lines.h"

namespace comments::archive {
namespace {

constexpr std::size_t kAtOnce = 1'000;

}  // namespace

Result<Imported> import_all(std::istream& in, ArchiveWriter& to, const OnProgress& on_progress) {
  Lines lines(in);
  Imported imported;
  std::int64_t done = 0;
  for (bool at_end = false; !at_end;) {
    std::vector<ArchivedComment> some;
    while (some.size() < kAtOnce && !at_end) {
      auto next = lines.next();
      if (!next) {
        return next.error();
      }
      at_end = !*next;
      if (*next) {
        some.push_back(**std::move(next));
      }
    }
    const auto added = to.add(some);
    if (!added) {
      return added.error();
    }
    imported.added += static_cast<std::int64_t>(*added);
    done += static_cast<std::int64_t>(some.size());
    on_progress(done, 0);
  }
  imported.file = lines.trailer();
  return imported;
}

}  // namespace comments::archive
