// The PostgreSQL store's archive: see core/store/archive.h.
#pragma once

#include <memory>
#include <string>

#include "core/store/archive.h"

namespace comments {

// The errors are those of open_postgres_store.
Result<std::unique_ptr<ArchiveReader>> open_postgres_archive_reader(const std::string& url,
                                                                    const std::string& password);
Result<std::unique_ptr<ArchiveWriter>> open_postgres_archive_writer(const std::string& url,
                                                                    const std::string& password);

}  // namespace comments
