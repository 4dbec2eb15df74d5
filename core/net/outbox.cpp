#include "core/net/outbox.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>

namespace comments::net {

void Outbox::add(std::string bytes) {
  auto owned = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view view = *owned;
  add(SharedBytes{std::move(owned), view});
}

void Outbox::add(SharedBytes bytes) {
  if (!bytes.bytes.empty()) {
    size_ += bytes.bytes.size();
    pieces_.push_back(std::move(bytes));
  }
}

SendOutcome Outbox::flush(int socket) {
  constexpr std::size_t kAtOnce = 16;
  while (!empty()) {
    std::array<iovec, kAtOnce> parts{};
    const auto count = std::min(kAtOnce, pieces_.size() - first_);
    for (std::size_t i = 0; i < count; ++i) {
      const auto bytes = pieces_[first_ + i].bytes;
      // The kernel reads only, though the type of the system call does not say so.
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
      parts.at(i) = {const_cast<char*>(bytes.data()), bytes.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const auto sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno == EAGAIN ? SendOutcome::waiting : SendOutcome::broken;
    }
    drop_sent(static_cast<std::size_t>(sent));
  }
  return SendOutcome::done;
}

void Outbox::drop_sent(std::size_t bytes) {
  size_ -= bytes;
  while (bytes > 0) {
    auto& piece = pieces_[first_];
    const auto gone = std::min(bytes, piece.bytes.size());
    piece.bytes.remove_prefix(gone);
    bytes -= gone;
    if (piece.bytes.empty()) {
      piece.owner.reset();
      ++first_;
    }
  }
  if (empty()) {
    pieces_ = {};  // an idle connection costs little
    first_ = 0;
  }
}

}  // namespace comments::net
