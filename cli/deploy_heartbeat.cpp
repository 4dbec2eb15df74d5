#include "cli/deploy_heartbeat.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace comments::cli {
namespace {

using ops::Event;
using Steady = std::chrono::steady_clock;

class DeployHeartbeat : public ops::Teller {
 public:
  DeployHeartbeat(std::unique_ptr<ops::Teller> teller, std::chrono::milliseconds silence)
      : teller_(std::move(teller)), silence_(silence) {}

  void tell(const Event& event) override {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_over_, is_over_ || event.kind == Event::Kind::ended)) {
      return;
    }
    spoken_ = Steady::now();
    seconds_ = event.seconds;
    switch (event.kind) {
      case Event::Kind::step_started:
      case Event::Kind::progress:
        doing_ = event;
        break;
      case Event::Kind::step_done:
      case Event::Kind::step_skipped:
      case Event::Kind::step_failed:
      case Event::Kind::ended:
        doing_.step.clear();
        break;
      case Event::Kind::command:
      case Event::Kind::note:
      case Event::Kind::waiting:
        break;
    }
    teller_->tell(event);
  }

 private:
  void beat(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    auto reported = Steady::now();
    while (!stop.stop_requested()) {
      reported = std::max(reported, spoken_);
      changed_.wait_until(lock, stop, reported + silence_, [] { return false; });
      const auto now = Steady::now();
      if (stop.stop_requested() || now < spoken_ + silence_) {
        continue;
      }
      reported = now;
      if (!doing_.step.empty()) {
        const std::chrono::duration<double> since = now - spoken_;
        teller_->tell({Event::Kind::waiting, doing_.step, doing_.text, seconds_ + since.count()});
      }
    }
  }

  const std::unique_ptr<ops::Teller> teller_;
  const std::chrono::milliseconds silence_;
  std::mutex mutex_;  // guards all below, and the teller
  std::condition_variable_any changed_;
  Event doing_;  // without a step: nothing is at work
  bool is_over_ = false;
  double seconds_ = 0;  // when it was last spoken, since the rollout began
  Steady::time_point spoken_ = Steady::now();
  std::jthread thread_{[this](const std::stop_token& stop) { beat(stop); }};  // last: joined first
};

}  // namespace

std::unique_ptr<ops::Teller> make_deploy_heartbeat(std::unique_ptr<ops::Teller> teller,
                                                   std::chrono::milliseconds silence) {
  return std::make_unique<DeployHeartbeat>(std::move(teller), silence);
}

}  // namespace comments::cli
