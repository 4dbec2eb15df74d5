#include "core/net/growing_text.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace comments::net {
namespace {

constexpr std::size_t kMostSpare = std::size_t{1} * 1024 * 1024;

}  // namespace

GrowingText GrowingText::plus(std::string_view more) const {
  return *plus(std::span(&more, 1), nullptr);
}

std::optional<GrowingText> GrowingText::plus(std::span<const std::string> more,
                                             Budget& budget) const {
  return plus(std::vector<std::string_view>(more.begin(), more.end()), &budget);
}

std::optional<GrowingText> GrowingText::plus(std::span<const std::string_view> more,
                                             Budget* budget) const {
  GrowingText longer;
  longer.size_ =
      std::accumulate(more.begin(), more.end(), size_,
                      [](std::size_t size, std::string_view piece) { return size + piece.size(); });
  if (longer.size_ == size_) {
    return *this;
  }
  auto newest = size_;
  const bool in_place = block_ && longer.size_ <= block_->capacity &&
                        block_->used.compare_exchange_strong(newest, longer.size_);
  if (in_place) {
    longer.block_ = block_;
  } else {
    // Text that has grown once will grow again.
    const auto capacity = longer.size_ + (block_ ? std::min(longer.size_ / 2, kMostSpare) : 0);
    auto part = budget != nullptr ? budget->take(capacity) : std::nullopt;
    if (budget != nullptr && !part) {
      return std::nullopt;
    }
    longer.block_ = std::make_shared<Block>(capacity);
    longer.block_->used = longer.size_;
    longer.block_->part = std::move(part);
    std::copy_n(view().data(), size_, longer.block_->bytes.get());
  }
  auto* end = longer.block_->bytes.get() + size_;
  for (const auto piece : more) {
    end = std::copy_n(piece.data(), piece.size(), end);
  }
  return longer;
}

}  // namespace comments::net
