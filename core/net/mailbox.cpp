#include "core/net/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace comments::net {
namespace {

void drop(const Message& message) {
  if (const auto* fresh = std::get_if<NewSocket>(&message)) {
    ::close(fresh->socket);
  }
}

}  // namespace

Mailbox::Mailbox() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Mailbox::~Mailbox() {
  close();
  ::close(event_);
}

void Mailbox::push(Message message) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      drop(message);
      return;
    }
    first = messages_.empty();
    messages_.push_back(std::move(message));
  }
  if (first) {
    ::eventfd_write(event_, 1);
  }
}

std::vector<Message> Mailbox::take() {
  eventfd_t ignored = 0;
  ::eventfd_read(event_, &ignored);
  const std::lock_guard lock(mutex_);
  return std::exchange(messages_, {});
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (const auto& message : std::exchange(messages_, {})) {
    drop(message);
  }
}

}  // namespace comments::net
