// The implementations of Comments that a program of tests is linked with: the contract suite runs
// over each of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/comment/clock.h"
#include "core/comment/comments.h"
#include "core/store/store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/live_service.h"

namespace comments::tests {

// An empty service, its clock in the test's hand, and whatever keeps it alive.
struct Subject {
  std::string name;
  std::shared_ptr<Comments> comments;
  std::shared_ptr<Timestamp> now;
};

struct Implementation {
  std::string name;
  std::function<Subject()> make;
};

const std::vector<Implementation>& implementations();

// One object that owns several, the last first to go.
template <class T, class... Kept>
std::shared_ptr<T> keeping_alive(std::unique_ptr<T> object, std::shared_ptr<Kept>... kept) {
  auto* raw = object.release();
  return std::shared_ptr<T>(raw, [kept...](T* last) { delete last; });
}

inline std::shared_ptr<Timestamp> test_time() {
  return std::make_shared<Timestamp>(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
}

inline Clock clock_of(const std::shared_ptr<Timestamp>& now) {
  return [now] { return *now; };
}

inline Subject over_http(const Subject& behind) {
  auto store = std::static_pointer_cast<Store>(behind.comments);
  auto service = std::make_shared<LiveService>(std::make_unique<ForwardingStore>(store));
  auto client = service->client();
  return {"http over " + behind.name, keeping_alive<Comments>(std::move(client), service),
          behind.now};
}

}  // namespace comments::tests
