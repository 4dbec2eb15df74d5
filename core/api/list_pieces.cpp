#include "core/api/list_pieces.h"

#include <utility>

namespace comments::api {

bool ListPieces::add(std::string items) {
  const auto* opening = std::exchange(begun_, true) ? "," : "[";
  size_ += 1 + items.size();
  if (!held_.grow(1 + items.size()) || (size_ > kBigList && !take_place())) {
    return false;
  }
  texts_.push_back(opening + std::move(items));
  return true;
}

std::optional<net::GrowingText> ListPieces::behind(const net::GrowingText& text) {
  if (!begun_ && !add("")) {
    return std::nullopt;
  }
  return text.plus(texts_, room_.bytes);
}

std::shared_ptr<const net::Budget::Part> ListPieces::take_place() {
  if (!place_) {
    if (auto place = room_.big_lists.take(1)) {
      place_ = std::make_shared<const net::Budget::Part>(*std::move(place));
    }
  }
  return place_;
}

}  // namespace comments::api
