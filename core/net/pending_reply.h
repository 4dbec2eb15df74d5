// The place for the answer to a request that a handler has taken.
#pragma once

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "core/net/mailbox.h"

namespace comments::net {

// Delivered from any thread; while the handler still runs on the reactor's own, without a detour.
class PendingReply {
 public:
  PendingReply(std::shared_ptr<Mailbox> mailbox, RequestId request)
      : mailbox_(std::move(mailbox)), request_(request) {}

  // Nobody can answer any more, and nobody has: a bug that must not become a hanging client.
  ~PendingReply() {
    if (!delivered_) {
      mailbox_->push(LateAnswer{request_, std::nullopt});
    }
  }
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;

  void deliver(Response response) {
    delivered_ = true;
    if (std::this_thread::get_id() == reactor_ && handler_runs_) {
      immediate_ = std::move(response);
    } else {
      mailbox_->push(LateAnswer{request_, std::move(response)});
    }
  }

  // On the reactor's thread, when the handler has returned: the answer, if it came meanwhile.
  std::optional<Response> handler_returned() {
    handler_runs_ = false;
    return std::move(immediate_);
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const RequestId request_;
  const std::thread::id reactor_ = std::this_thread::get_id();
  bool handler_runs_ = true;  // the reactor's own, like the next
  std::optional<Response> immediate_;
  bool delivered_ = false;
};

}  // namespace comments::net
