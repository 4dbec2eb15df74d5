// What looks like a secret is masked in everything that is shown or kept.
#pragma once

#include <string>
#include <string_view>

namespace comments::ops {

// Masks, as `…`: Google's access tokens and what follows `Bearer`, a password within a URL, private
// keys, and the values of fields named like password, secret, token or api_key.
// A net beneath the rope: no text that we show is meant to hold any.
std::string redacted(std::string_view text);

}  // namespace comments::ops
