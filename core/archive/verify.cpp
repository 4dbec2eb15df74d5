#include <fmt/format.h>

#include "core/archive/archive.h"
#include "core/archive/lines.h"

namespace comments::archive {
namespace {

constexpr std::size_t kAtOnce = 1'000;

// A store's comments, one after the other.
class Stored {
 public:
  explicit Stored(ArchiveReader& reader) : reader_(reader) {}

  // nullptr at the end.
  Result<const ArchivedComment*> next() {
    if (at_ == some_.size()) {
      auto more = reader_.next(kAtOnce);
      if (!more) {
        return more.error();
      }
      some_ = *std::move(more);
      at_ = 0;
      if (some_.empty()) {
        return nullptr;
      }
    }
    return &some_[at_++];
  }

 private:
  ArchiveReader& reader_;
  std::vector<ArchivedComment> some_;
  std::size_t at_ = 0;
};

bool is_before(const ArchivedComment& left, const ArchivedComment& right) {
  return std::pair(std::string_view(left.content_id.text()), left.comment.id) <
         std::pair(std::string_view(right.content_id.text()), right.comment.id);
}

}  // namespace

Result<void> verify(std::istream& in, ArchiveReader& in_store, const OnProgress& on_progress) {
  Lines lines(in);
  Stored stored(in_store);
  Tally tally;
  for (;;) {
    const auto wanted = lines.next();
    if (!wanted) {
      return wanted.error();
    }
    if (!*wanted) {
      break;
    }
    auto found = stored.next();
    while (found && *found != nullptr && is_before(**found, **wanted)) {
      found = stored.next();
    }
    if (!found) {
      return found.error();
    }
    if (*found == nullptr || (*found)->content_id != (*wanted)->content_id ||
        (*found)->comment.id != (*wanted)->comment.id) {
      return Error{ErrorCode::internal,
                   fmt::format("the store lacks comment {} of content_id {}", (*wanted)->comment.id,
                               (*wanted)->content_id.text()),
                   {}};
    }
    auto stored_one = **found;
    // A key may have been used again since, for another comment.
    if (stored_one.key.empty() || (*wanted)->key.empty()) {
      stored_one.key = (*wanted)->key;
      stored_one.key_stored_at = (*wanted)->key_stored_at;
    }
    tally.add(stored_one, archive_line(stored_one));
    if (tally.comments() % static_cast<std::int64_t>(kAtOnce) == 0) {
      on_progress(tally.comments(), 0);
    }
  }
  const auto in_file = lines.trailer();
  const auto read_back = tally.finish();
  if (read_back != in_file) {
    return Error{
        ErrorCode::internal,
        fmt::format("the store has other bytes than the archive: {} comments of {} "
                    "threads, sha256 {} against {}",
                    read_back.comments, read_back.threads, read_back.sha256, in_file.sha256),
        {}};
  }
  on_progress(in_file.comments, in_file.comments);
  return {};
}

}  // namespace comments::archive
