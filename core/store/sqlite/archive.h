// The SQLite store's archive: see core/store/archive.h.
#pragma once

#include <memory>
#include <string>

#include "core/store/archive.h"

namespace comments {

// The errors are those of open_sqlite_store.
Result<std::unique_ptr<ArchiveReader>> open_sqlite_archive_reader(const std::string& path);
Result<std::unique_ptr<ArchiveWriter>> open_sqlite_archive_writer(const std::string& path);

}  // namespace comments
