// Text that grows at its end and never changes before it: a value, whose copies share memory.
//
// plus() of the newest copy writes behind it, in place; of any other, into a copy of its own.
// Whoever holds a shorter copy keeps reading what it has meanwhile. Safe for concurrent use.
//
// Its memory may be a part of a budget: it is given back with the last copy, or with the last
// answer that still sends it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/net/budget.h"
#include "core/net/http.h"

namespace comments::net {

class GrowingText {
 public:
  GrowingText() = default;
  explicit GrowingText(std::string_view text) : GrowingText(GrowingText().plus(text)) {}

  GrowingText plus(std::string_view more) const;

  // The same, one piece after the other; nullopt where the budget has not left what that takes.
  std::optional<GrowingText> plus(std::span<const std::string> more, Budget& budget) const;

  std::string_view view() const {
    return block_ ? std::string_view(block_->bytes.get(), size_) : "";
  }
  SharedBytes shared() const { return {block_, view()}; }

  // The memory that it holds, with what is spare.
  std::size_t capacity() const { return block_ ? block_->capacity : 0; }

 private:
  struct Block {
    explicit Block(std::size_t size)
        : capacity(size), bytes(std::make_unique_for_overwrite<char[]>(size)) {}

    const std::size_t capacity;
    std::atomic<std::size_t> used = 0;  // by the longest copy
    const std::unique_ptr<char[]> bytes;
    std::optional<Budget::Part> part = {};  // where somebody counts
  };

  std::optional<GrowingText> plus(std::span<const std::string_view> more, Budget* budget) const;

  std::shared_ptr<Block> block_;
  std::size_t size_ = 0;
};

}  // namespace comments::net
