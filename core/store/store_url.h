// A store's URL as it may be shown.
#pragma once

#include <string>
#include <string_view>

namespace comments {

// The URL with `***` in the place of a password, be it before the `@` or in a parameter
// `password=` (libpq's sslpassword= too). Any text may be given; what holds no password comes back
// as it is.
std::string masked_store_url(std::string_view url);

}  // namespace comments
