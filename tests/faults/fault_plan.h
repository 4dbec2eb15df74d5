// What libdisk_faults.so was told to do, by its environment, and what it has seen: which descriptor
// leads to which file of the watched folder, which call fails, what goes to the trace.
//
// The variables are described in disk_faults.cpp, the records in disk_replay.py.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace faults {

enum class Role { data, folder, acks, shared_memory };

// What an open descriptor leads to.
struct File {
  std::uint64_t inode = 0;
  Role role = Role::data;
  std::string name;  // as opened, relative to the folder
};

// The kinds of record. `file` is an inode, which may come back as another file: a `create` says so.
enum class Kind : std::uint64_t {
  create = 'C',  // data: the name
  write = 'W',
  truncate = 'T',  // offset: the new size
  sync = 'S',
  failed_sync = 'F',
  sync_folder = 'D',
  unlink = 'U',  // data: the name
  acknowledge = 'A',
  inject = 'I',  // data: which call was made to fail
};

struct RecordHead {
  Kind kind;
  std::uint64_t file;
  std::uint64_t offset;
  std::uint64_t length;  // of the data that follows
};

// Its mutex is held around a call and everything here that belongs to it. Aborts the process where
// it cannot do its work: a test that believes it traces must not go on.
class Plan {
 public:
  Plan();

  std::mutex& mutex() { return mutex_; }

  // The name within the folder, "" for the folder itself; nothing for all other paths.
  std::optional<std::string> name_of(const char* path) const;

  // Null for a descriptor that leads elsewhere.
  const File* file(int descriptor) const;

  void opened(int descriptor, const std::string& name, int flags, bool existed);
  void closed(int descriptor) { files_.erase(descriptor); }

  // Whether this call is one that has to fail; errno is set then.
  bool strikes(std::string_view call, const std::string& name);

  bool half() const { return half_; }
  bool lies_about(const File& file) const { return !lie_.empty() && file.name.ends_with(lie_); }

  void record(Kind kind, std::uint64_t file, std::uint64_t offset, std::string_view data);

 private:
  const std::string folder_;
  const std::string call_;
  const long nth_;
  const long times_;
  const int error_;
  const bool half_;
  const std::string lie_;
  const std::string struck_;
  int trace_ = -1;

  std::mutex mutex_;  // guards what follows, and the order of the records
  bool armed_;
  long calls_ = 0;
  std::map<int, File> files_;  // by descriptor
};

// The C library's function of that name, which ours hides.
void* hidden(const char* name);

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(hidden(name));
}

using Open = int(const char*, int, ...);
using Write = ssize_t(int, const void*, size_t);
using WriteAt = ssize_t(int, const void*, size_t, off_t);
using Read = ssize_t(int, void*, size_t);
using ReadAt = ssize_t(int, void*, size_t, off_t);
using Truncate = int(int, off_t);
using OnDescriptor = int(int);
using OnPath = int(const char*);

}  // namespace faults
