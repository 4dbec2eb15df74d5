// So much and no more: of bytes, of places. Whoever takes a part of it holds that part, and gives
// it back by being gone.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace comments::net {

// Safe for concurrent use. Parts may outlive it.
class Budget {
 public:
  explicit Budget(std::size_t most) : shared_(std::make_shared<Shared>(most)) {}

  class Part;

  // nullopt where so much is not left. Never blocks.
  std::optional<Part> take(std::size_t amount);

  // What is held, by all.
  std::size_t taken() const { return shared_->taken; }

  std::size_t most() const { return shared_->most; }

 private:
  struct Shared {
    explicit Shared(std::size_t amount) : most(amount) {}

    const std::size_t most;
    std::atomic<std::size_t> taken = 0;
  };

  static bool take_from(Shared& shared, std::size_t amount);

  const std::shared_ptr<Shared> shared_;
};

// One holder's own.
class Budget::Part {
 public:
  Part(Part&& other) noexcept
      : shared_(std::move(other.shared_)), amount_(std::exchange(other.amount_, 0)) {}
  Part& operator=(Part other) noexcept {
    std::swap(shared_, other.shared_);
    std::swap(amount_, other.amount_);
    return *this;
  }
  ~Part();

  // Takes more; false, and nothing changed, where so much is not left.
  bool grow(std::size_t amount);

 private:
  friend class Budget;
  Part(std::shared_ptr<Shared> shared, std::size_t amount)
      : shared_(std::move(shared)), amount_(amount) {}

  std::shared_ptr<Shared> shared_;
  std::size_t amount_ = 0;
};

}  // namespace comments::net
