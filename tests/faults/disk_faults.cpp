// libdisk_faults.so, for LD_PRELOAD: watches, and on request breaks, what a program does to the
// files of one folder, FAULT_DIR (an absolute path without links).
//
// Watching, FAULT_TRACE=FILE: appends every creation, write, truncation, sync and removal to FILE,
// as disk_replay.py reads it. One lock is held around a call and its record, so that the order of
// the records is the order of the calls, and every prefix of the trace is a possible power cut.
// A second program may continue a trace. The folder must be empty at first. What is written to
// FAULT_DIR/acks is recorded as an acknowledgment: the program's word that something is durable.
//
// Breaking, FAULT_OP=write|fsync|fsync_folder|open|ftruncate|read|unlink, FAULT_NTH=N,
// FAULT_ERRNO=NUMBER: the N-th such call fails. FAULT_TIMES=K: so do those after it, K in all (0:
// every later one). FAULT_HALF=1: a write that fails has written its first half. FAULT_FROM=acks:
// count only after FAULT_DIR/acks was opened. FAULT_STRUCK=FILE: that file is there once a call has
// failed. fsync stands for fdatasync, too, write for pwrite, read for pread.
//
// Lying, FAULT_LIE=SUFFIX: a sync of a file whose name ends in SUFFIX succeeds and is not recorded.
//
// A sync is recorded but not done, whichever way it ends: what would survive is worked out from the
// trace, and this machine's disk is not what is tested. So it is fast, too.
//
// The calls are those in the import table of Debian's libsqlite3 3.40, and the same without the 64;
// it renames nothing. It cannot show: writes through a mapping. SQLite writes only its -shm file
// that way, which is no data (it is rebuilt from the log after a crash): it is left out of the
// trace, not of the failures.
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/fault_plan.h"

namespace {

using faults::Kind;
using faults::real;
using faults::Role;

// Never destroyed: the program may close files while it ends.
faults::Plan& plan() {
  static auto* const instance = new faults::Plan;
  return *instance;
}

int open_file(const char* path, int flags, mode_t mode) {
  auto* const real_open = real<faults::Open>("open");
  const auto name = plan().name_of(path);
  if (!name) {
    return real_open(path, flags, mode);
  }
  const std::lock_guard lock(plan().mutex());
  if (plan().strikes("open", *name)) {
    return -1;
  }
  struct stat status {};
  const bool existed = ::stat(path, &status) == 0;
  const int descriptor = real_open(path, flags, mode);
  if (descriptor >= 0) {
    plan().opened(descriptor, *name, flags, existed);
  }
  return descriptor;
}

int close_file(int descriptor) {
  const std::lock_guard lock(plan().mutex());
  plan().closed(descriptor);
  return real<faults::OnDescriptor>("close")(descriptor);
}

// `write` does the real thing with so many of the bytes; they end up at `offset`.
template <class RealWrite>
ssize_t write_file(int descriptor, const void* bytes, size_t count, off_t offset, RealWrite write) {
  const std::lock_guard lock(plan().mutex());
  const auto* const file = plan().file(descriptor);
  if (file == nullptr) {
    return write(count);
  }
  const bool struck = plan().strikes("write", file->name);
  const int error = errno;  // of the failure, which the first half must not hide
  const ssize_t written = struck && !plan().half() ? 0 : write(struck ? count / 2 : count);
  if (written > 0) {
    const std::string_view data(static_cast<const char*>(bytes), static_cast<size_t>(written));
    if (file->role == Role::data) {
      plan().record(Kind::write, file->inode, static_cast<std::uint64_t>(offset), data);
    } else if (file->role == Role::acks) {
      plan().record(Kind::acknowledge, 0, 0, data);
    }
  }
  if (struck) {
    errno = error;
    return -1;
  }
  return written;
}

bool read_fails(int descriptor) {
  const std::lock_guard lock(plan().mutex());
  const auto* const file = plan().file(descriptor);
  return file != nullptr && plan().strikes("read", file->name);
}

int truncate_file(int descriptor, off_t size) {
  const std::lock_guard lock(plan().mutex());
  const auto* const file = plan().file(descriptor);
  if (file != nullptr && plan().strikes("ftruncate", file->name)) {
    return -1;
  }
  const int result = real<faults::Truncate>("ftruncate")(descriptor, size);
  if (result == 0 && file != nullptr && file->role == Role::data) {
    plan().record(Kind::truncate, file->inode, static_cast<std::uint64_t>(size), {});
  }
  return result;
}

int sync_file(int descriptor, const char* name) {
  const std::lock_guard lock(plan().mutex());
  const auto* const file = plan().file(descriptor);
  if (file == nullptr) {
    return real<faults::OnDescriptor>(name)(descriptor);
  }
  if (plan().lies_about(*file)) {
    return 0;
  }
  const bool folder = file->role == Role::folder;
  const bool struck = plan().strikes(folder ? "fsync_folder" : "fsync", file->name);
  if (file->role == Role::data) {
    plan().record(struck ? Kind::failed_sync : Kind::sync, file->inode, 0, {});
  } else if (folder && !struck) {
    plan().record(Kind::sync_folder, 0, 0, {});
  }
  return struck ? -1 : 0;
}

int unlink_file(const char* path) {
  const auto name = plan().name_of(path);
  if (!name) {
    return real<faults::OnPath>("unlink")(path);
  }
  const std::lock_guard lock(plan().mutex());
  if (plan().strikes("unlink", *name)) {
    return -1;
  }
  const int result = real<faults::OnPath>("unlink")(path);
  if (result == 0) {
    plan().record(Kind::unlink, 0, 0, *name);
  }
  return result;
}

// The third argument of open(), which is there only where a file may be created.
mode_t mode_argument(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

// What the loader finds instead of the C library's. Asm labels give the names, because the C
// library's own headers declare some of them inline.
extern "C" {

int faults_open(const char* path, int flags, ...) __asm__("open");
int faults_open64(const char* path, int flags, ...) __asm__("open64");
int faults_close(int descriptor) __asm__("close");
ssize_t faults_write(int descriptor, const void* bytes, size_t count) __asm__("write");
ssize_t faults_pwrite(int descriptor, const void* bytes, size_t count, off_t at) __asm__("pwrite");
ssize_t faults_pwrite64(int descriptor, const void* bytes, size_t count,
                        off_t at) __asm__("pwrite64");
ssize_t faults_read(int descriptor, void* bytes, size_t count) __asm__("read");
ssize_t faults_pread(int descriptor, void* bytes, size_t count, off_t at) __asm__("pread");
ssize_t faults_pread64(int descriptor, void* bytes, size_t count, off_t at) __asm__("pread64");
int faults_ftruncate(int descriptor, off_t size) __asm__("ftruncate");
int faults_ftruncate64(int descriptor, off_t size) __asm__("ftruncate64");
int faults_fsync(int descriptor) __asm__("fsync");
int faults_fdatasync(int descriptor) __asm__("fdatasync");
int faults_unlink(const char* path) __asm__("unlink");

int faults_open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_file(path, flags, mode);
}

int faults_open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_file(path, flags | O_LARGEFILE, mode);
}

int faults_close(int descriptor) {
  return close_file(descriptor);
}

ssize_t faults_write(int descriptor, const void* bytes, size_t count) {
  const int error = errno;
  const auto at = ::lseek(descriptor, 0, SEEK_CUR);  // fails on a pipe, which is not in the folder
  errno = error;
  return write_file(descriptor, bytes, count, at, [&](size_t some) {
    return real<faults::Write>("write")(descriptor, bytes, some);
  });
}

ssize_t faults_pwrite(int descriptor, const void* bytes, size_t count, off_t at) {
  return write_file(descriptor, bytes, count, at, [&](size_t some) {
    return real<faults::WriteAt>("pwrite")(descriptor, bytes, some, at);
  });
}

ssize_t faults_pwrite64(int descriptor, const void* bytes, size_t count, off_t at) {
  return faults_pwrite(descriptor, bytes, count, at);
}

ssize_t faults_read(int descriptor, void* bytes, size_t count) {
  return read_fails(descriptor) ? -1 : real<faults::Read>("read")(descriptor, bytes, count);
}

ssize_t faults_pread(int descriptor, void* bytes, size_t count, off_t at) {
  return read_fails(descriptor) ? -1 : real<faults::ReadAt>("pread")(descriptor, bytes, count, at);
}

ssize_t faults_pread64(int descriptor, void* bytes, size_t count, off_t at) {
  return faults_pread(descriptor, bytes, count, at);
}

int faults_ftruncate(int descriptor, off_t size) {
  return truncate_file(descriptor, size);
}

int faults_ftruncate64(int descriptor, off_t size) {
  return truncate_file(descriptor, size);
}

int faults_fsync(int descriptor) {
  return sync_file(descriptor, "fsync");
}

int faults_fdatasync(int descriptor) {
  return sync_file(descriptor, "fdatasync");
}

int faults_unlink(const char* path) {
  return unlink_file(path);
}

}  // extern "C"
