#include "core/client/line_key.h"

#include <array>
#include <openssl/evp.h>

#include <fmt/format.h>

namespace comments {

std::string line_key(std::int64_t number, std::string_view line) {
  const auto text = fmt::format("{}:{}", number, line);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += fmt::format("{:02x}", digest[i]);
  }
  return hex;
}

}  // namespace comments
