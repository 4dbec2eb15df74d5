// Reading a gzip file back, to the last byte of its trailer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <zlib.h>

namespace comments::tests {

// nullopt where it is not exactly one whole gzip file.
inline std::optional<std::string> inflated(std::string_view file) {
  constexpr int kGzipOnly = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) {
    return std::nullopt;
  }
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
  stream.avail_in = static_cast<uInt>(file.size());
  std::string text;
  int state = Z_OK;
  while (state == Z_OK) {
    char room[4'096];
    stream.next_out = reinterpret_cast<Bytef*>(room);
    stream.avail_out = sizeof room;
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(room, sizeof room - stream.avail_out);
  }
  const bool whole = state == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return whole ? std::optional(text) : std::nullopt;
}

}  // namespace comments::tests
