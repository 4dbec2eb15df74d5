// The world as a command sees it, so that a test can be the world.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace comments::cli {

struct Io {
  std::istream& in;
  std::ostream& out;  // results; that one could not be written is for main() to say
  std::ostream& err;  // everything else
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

// Colour is for terminals whose user has not refused it (https://no-color.org).
inline bool wants_colour(const Io& io) {
  return io.out_is_terminal && io.environment("NO_COLOR").value_or("").empty();
}

}  // namespace comments::cli
