// The head of a request (RFC 9112, sections 2 to 6): request line and fields, read strictly.
//
// This grammar is the security boundary: what another server on the way could read in two ways is
// refused. Pure; no I/O.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/net/http.h"

namespace comments::net {

struct Limits {
  std::size_t head = std::size_t{16} * 1024;  // request line and fields
  std::size_t target = std::size_t{8} * 1024;
  std::size_t fields = 100;
  std::size_t body = std::size_t{64} * 1024;
};

// Views point into the text that was parsed.
struct Head {
  std::string_view method;
  std::string_view target;  // origin-form or `*`: an absolute-form has lost its scheme and host
  std::vector<HeaderView> fields;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunked = false;
  std::size_t content_length = 0;  // where not chunked
};

// `text` runs up to and including the empty line. 0, or the HTTP status of the refusal: 400, 413
// (the announced body), 414, 431, 501 (transfer coding), 505; `head` may be half filled then.
int parse_head(std::string_view text, const Limits& limits, Head& head);

bool is_token_char(char c);

}  // namespace comments::net
