// Taking everything out of a store, and putting it into another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/comment/archived.h"
#include "core/comment/result.h"
#include "core/store/open_store.h"

namespace comments {

// A store as it was at one moment, while others go on writing to it. One thread at a time.
class ArchiveReader {
 public:
  virtual ~ArchiveReader() = default;

  // How many comments there are in all.
  virtual Result<std::int64_t> total() = 0;

  // The next comments, in the order of their threads' names (as bytes) and their ids, at most
  // `limit`; none at the end.
  virtual Result<std::vector<ArchivedComment>> next(std::size_t limit) = 0;
};

// One thread at a time. Others may write to the store meanwhile.
class ArchiveWriter {
 public:
  virtual ~ArchiveWriter() = default;

  // Stores these as they are, ids and times included, durably and in one transaction; answers how
  // many were not there yet. A thread's comments come in the order of their ids, without a gap,
  // continuing what is there. bad_request where another comment has the place of one, or one would
  // leave a gap; then nothing of the call is stored.
  virtual Result<std::size_t> add(std::span<const ArchivedComment> comments) = 0;
};

// bad_request for memory:, which nobody else can see; else as the store opens.
Result<std::unique_ptr<ArchiveReader>> open_archive_reader(const StoreChoice& choice);
Result<std::unique_ptr<ArchiveWriter>> open_archive_writer(const StoreChoice& choice);

}  // namespace comments
