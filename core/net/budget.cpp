#include "core/net/budget.h"

namespace comments::net {

bool Budget::take_from(Shared& shared, std::size_t amount) {
  auto taken = shared.taken.load();
  do {
    if (amount > shared.most - taken) {
      return false;
    }
  } while (!shared.taken.compare_exchange_weak(taken, taken + amount));
  return true;
}

std::optional<Budget::Part> Budget::take(std::size_t amount) {
  return take_from(*shared_, amount) ? std::optional(Part(shared_, amount)) : std::nullopt;
}

Budget::Part::~Part() {
  if (amount_ > 0) {
    shared_->taken -= amount_;
  }
}

bool Budget::Part::grow(std::size_t amount) {
  const bool granted = take_from(*shared_, amount);
  amount_ += granted ? amount : 0;
  return granted;
}

}  // namespace comments::net
