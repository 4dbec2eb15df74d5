#include "core/net/growing_text.h"

#include <algorithm>

namespace comments::net {

GrowingText GrowingText::plus(std::string_view more) const {
  if (more.empty()) {
    return *this;
  }
  GrowingText longer;
  longer.size_ = size_ + more.size();
  auto newest = size_;
  const bool in_place = block_ && longer.size_ <= block_->capacity &&
                        block_->used.compare_exchange_strong(newest, longer.size_);
  if (in_place) {
    longer.block_ = block_;
  } else {
    // Text that has grown once will grow again.
    const auto spare = block_ ? longer.size_ / 2 : 0;
    longer.block_ = std::make_shared<Block>(longer.size_ + spare);
    longer.block_->used = longer.size_;
    std::copy_n(view().data(), size_, longer.block_->bytes.get());
  }
  std::copy_n(more.data(), more.size(), longer.block_->bytes.get() + size_);
  return longer;
}

}  // namespace comments::net
