#include "tests/faults/fault_plan.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace faults {
namespace {

constexpr std::string_view kAcks = "acks";

std::string setting(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::string() : std::string(value);
}

long number(const char* name, long otherwise) {
  const auto text = setting(name);
  return text.empty() ? otherwise : std::strtol(text.c_str(), nullptr, 10);
}

int create_or_append(const std::string& path) {
  const int descriptor =
      real<Open>("open")(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    std::abort();
  }
  return descriptor;
}

}  // namespace

Plan::Plan()
    : folder_(setting("FAULT_DIR")),
      call_(setting("FAULT_OP")),
      nth_(number("FAULT_NTH", 1)),
      times_(number("FAULT_TIMES", 1)),
      error_(static_cast<int>(number("FAULT_ERRNO", EIO))),
      half_(number("FAULT_HALF", 0) != 0),
      lie_(setting("FAULT_LIE")),
      struck_(setting("FAULT_STRUCK")),
      armed_(setting("FAULT_FROM").empty()) {
  if (const auto path = setting("FAULT_TRACE"); !path.empty()) {
    trace_ = create_or_append(path);
  }
}

std::optional<std::string> Plan::name_of(const char* path) const {
  const std::string_view text(path);
  if (folder_.empty() || !text.starts_with(folder_)) {
    return std::nullopt;
  }
  if (text.size() == folder_.size()) {
    return std::string();
  }
  return text[folder_.size()] == '/' ? std::optional(std::string(text.substr(folder_.size() + 1)))
                                     : std::nullopt;
}

const File* Plan::file(int descriptor) const {
  const auto found = files_.find(descriptor);
  return found == files_.end() ? nullptr : &found->second;
}

void Plan::opened(int descriptor, const std::string& name, int flags, bool existed) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    std::abort();
  }
  File file{.inode = status.st_ino, .name = name};
  if (S_ISDIR(status.st_mode)) {
    file.role = Role::folder;
  } else if (name == kAcks) {
    file.role = Role::acks;
    armed_ = true;
  } else if (name.ends_with("-shm")) {
    file.role = Role::shared_memory;
  } else if (!existed) {
    record(Kind::create, file.inode, 0, name);
  } else if ((flags & O_TRUNC) != 0) {
    record(Kind::truncate, file.inode, 0, {});
  }
  files_.insert_or_assign(descriptor, std::move(file));
}

bool Plan::strikes(std::string_view call, const std::string& name) {
  if (call != call_ || !armed_ || name == kAcks || ++calls_ < nth_ ||
      (times_ != 0 && calls_ >= nth_ + times_)) {
    return false;
  }
  if (!struck_.empty()) {
    real<OnDescriptor>("close")(create_or_append(struck_));
  }
  record(Kind::inject, 0, 0, call);
  errno = error_;
  return true;
}

void Plan::record(Kind kind, std::uint64_t file, std::uint64_t offset, std::string_view data) {
  if (trace_ < 0) {
    return;
  }
  RecordHead head{kind, file, offset, data.size()};
  const std::array<iovec, 2> parts{
      {{&head, sizeof head}, {const_cast<char*>(data.data()), data.size()}}};
  if (::writev(trace_, parts.data(), static_cast<int>(parts.size())) !=
      static_cast<ssize_t>(sizeof head + data.size())) {
    std::abort();
  }
}

void* hidden(const char* name) {
  return ::dlsym(RTLD_NEXT, name);
}

}  // namespace faults
