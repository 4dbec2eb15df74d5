// A store's whole content as a file, and back: for moving between stores, of whatever kind.
#pragma once

#include <functional>
#include <iosfwd>

#include "core/store/archive.h"
#include "core/wire/archive_json.h"

namespace comments::archive {

// How many comments are done, and how many there are (0: nobody knows).
using OnProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// Writes everything. unavailable where the store fails, internal where `out` does: what was written
// is then no archive.
Result<ArchiveTrailer> export_all(ArchiveReader& from, std::ostream& out,
                                  const OnProgress& on_progress);

struct Imported {
  ArchiveTrailer file;
  std::int64_t added = 0;  // the rest was there already
};

// Stores everything, as ArchiveWriter::add does: the same file again adds nothing, and an
// interrupted import is continued by another. bad_request names the line that is no good, or says
// that the file is incomplete or damaged; what came before may be stored by then.
Result<Imported> import_all(std::istream& in, ArchiveWriter& to, const OnProgress& on_progress);

// Reads back from the store what an archive says, comments beyond it left out, and compares counts
// and checksum with the archive's: internal where they differ. A key that the store knows no more,
// or of another comment by now, is no difference. `in` is the same file, from its beginning.
Result<void> verify(std::istream& in, ArchiveReader& in_store, const OnProgress& on_progress);

}  // namespace comments::archive
