// A `postgres://` URL, taken apart: libpq's connection URI (PostgreSQL manual, section 34.1.1),
// with one or several servers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/comment/result.h"

namespace comments::postgres {

// One server. Empty fields are left to libpq's own defaults.
struct Server {
  std::string host;     // a name, or a folder with a Unix socket
  std::string address;  // libpq's hostaddr
  std::string port;

  bool operator==(const Server&) const = default;
};

struct Url {
  using Settings = std::vector<std::pair<std::string, std::string>>;

  std::vector<Server> servers;  // in the order in which they are tried; at least one
  Settings settings;            // everything else, as libpq names it
};

// `password`, where it is not empty, is what the URL may leave out; libpq's own ways (PGPASSWORD,
// passfile=) work too. bad_request where the text is no such URL; the message names the fault and
// never the password.
Result<Url> parse_url(std::string_view text, std::string_view password = {});

}  // namespace comments::postgres
