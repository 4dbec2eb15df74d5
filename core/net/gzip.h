// Content coding gzip (RFC 9110, section 8.4.1.3; the format: RFC 1952, RFC 1951).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/net/growing_text.h"

namespace comments::net {

// Whether an Accept-Encoding header allows gzip (RFC 9110, section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

// A gzip file of text that grows at its end, as a value. What was compressed is never compressed
// again: more text becomes further blocks, which may refer to the text before them.
class GzipText {
 public:
  GzipText();

  // The same for `text`, which begins with all the text so far.
  GzipText grown_to(std::string_view text) const;

  // The same; nullopt where the budget has not left what that takes.
  std::optional<GzipText> grown_to(std::string_view text, Budget& budget) const;

  // The file is these bytes, then end(last): `last` is the text's end, short and not compressed.
  SharedBytes shared() const { return blocks_.shared(); }
  std::string end(std::string_view last) const;

  std::size_t capacity() const { return blocks_.capacity(); }

 private:
  GzipText with(GrowingText blocks, std::string_view text) const;

  GrowingText blocks_;
  std::size_t text_size_ = 0;
  std::uint32_t checksum_ = 0;
};

}  // namespace comments::net
