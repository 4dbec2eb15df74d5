// The text of a list while it is read: piece by piece, each counted before the next is read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/room.h"
#include "core/net/growing_text.h"

namespace comments::api {

// One reader's own; `room` must outlive it.
class ListPieces {
 public:
  // `begun`: they follow the text of an earlier state of the list.
  ListPieces(Room& room, bool begun) : room_(room), begun_(begun), held_(*room.bytes.take(0)) {}

  // False: there is no room for these.
  bool add(std::string items);

  // Everything behind `text`; nullopt where there is no room for it.
  std::optional<net::GrowingText> behind(const net::GrowingText& text);

  // The list's place among the big ones; null where all are taken.
  std::shared_ptr<const net::Budget::Part> take_place();

 private:
  Room& room_;
  bool begun_;
  net::Budget::Part held_;
  std::size_t size_ = 0;
  std::vector<std::string> texts_;
  std::shared_ptr<const net::Budget::Part> place_;
};

}  // namespace comments::api
