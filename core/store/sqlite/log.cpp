#include "core/store/sqlite/log.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace comments {
namespace {

// An open file, closed at the end. (Locks are not lost by it: SQLite has none on the log.)
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~File() {
    if (is_open()) {
      ::close(descriptor_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

Error failure(std::string_view what) {
  return {ErrorCode::unavailable, "the comment store cannot be reached at the moment; retry",
          fmt::format("{}: {}", what, std::system_category().message(errno))};
}

Result<void> write_again(const std::string& path) {
  const File log(path, O_RDWR);
  if (!log.is_open()) {
    // No log: a new database, which has none yet.
    return errno == ENOENT ? Result<void>() : failure("opening the log");
  }
  constexpr std::size_t kBlock = 1 << 20;
  std::vector<char> block(kBlock);
  for (off_t at = 0;;) {
    const auto got = ::pread(log.descriptor(), block.data(), block.size(), at);
    if (got < 0) {
      return failure("reading the log");
    }
    if (got == 0) {
      break;
    }
    if (::pwrite(log.descriptor(), block.data(), static_cast<std::size_t>(got), at) != got) {
      return failure("writing the log again");
    }
    at += got;
  }
  return ::fsync(log.descriptor()) == 0 ? Result<void>() : failure("flushing the log");
}

// SQLite flushes the folder of a new log, and ignores when that fails.
Result<void> flush_folder(const std::string& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  const File file(folder.string(), O_RDONLY | O_DIRECTORY);
  return file.is_open() && ::fsync(file.descriptor()) == 0 ? Result<void>()
                                                           : failure("flushing the folder");
}

}  // namespace

Result<sqlite::Database> open_settled(const std::string& path) {
  auto database = sqlite::Database::open(path, sqlite::Database::Mode::create);
  if (!database) {
    return database;
  }
  // Closed before it is settled, the log must not be folded into the database.
  database->checkpoint_on_close(false);
  {
    const auto lock = sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::write);
    if (!lock) {
      return lock.error();
    }
    if (auto written = write_again(path + "-wal"); !written) {
      return written.error();
    }
    if (auto flushed = flush_folder(path); !flushed) {
      return flushed.error();
    }
  }
  database->checkpoint_on_close(true);
  return database;
}

}  // namespace comments
