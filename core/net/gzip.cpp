#include "core/net/gzip.h"

#include <algorithm>
#include <memory>
#include <new>
#include <zlib.h>

#include "core/net/http.h"

namespace comments::net {
namespace {

// No name, no time, no extra field, written on Unix.
constexpr std::string_view kFileHeader{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10};
constexpr int kRawDeflate = -15;  // zlib's word for: no header of its own, the largest window
constexpr int kLevel = 6;
constexpr int kMemLevel = 8;
// How far back further blocks may refer. deflate allows 32 KiB; reading them costs time with every
// comment, and the nearest are the most alike.
constexpr std::size_t kDictionary = 4'096;
// What is compressed is often far smaller than the text: it gets memory as it comes.
constexpr std::size_t kRoom = std::size_t{32} * 1024;

const Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<const Bytef*>(text.data());
}

std::uint32_t checksum_of(std::string_view text, std::uint32_t so_far) {
  return text.empty() ? so_far
                      : static_cast<std::uint32_t>(crc32_z(so_far, bytes_of(text), text.size()));
}

// What follows the first `done` bytes of `text`, as deflate blocks that end at a byte's end and are
// not the last.
std::string deflated(std::string_view text, std::size_t done) {
  const auto before = text.substr(done - std::min(done, kDictionary), std::min(done, kDictionary));
  text.remove_prefix(done);
  if (text.empty()) {
    return {};
  }
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kRawDeflate, kMemLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> ended(&stream, deflateEnd);
  if (!before.empty()) {
    deflateSetDictionary(&stream, bytes_of(before), static_cast<uInt>(before.size()));
  }
  stream.next_in = const_cast<Bytef*>(bytes_of(text));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(text.size());
  std::string out;
  std::string room(kRoom, '\0');
  do {  // until it leaves room, there may be more
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    deflate(&stream, Z_SYNC_FLUSH);
    out.append(room, 0, room.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return out;
}

void append_little_endian(std::string& out, std::uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(number >> (8 * i) & 0xff);
  }
}

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
  const auto end = text.find_last_not_of(" \t");
  return text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin);
}

// "q=0", "q=0.000" and the like: not acceptable.
bool is_refusal(std::string_view parameter) {
  return parameter.size() >= 3 && (parameter[0] == 'q' || parameter[0] == 'Q') &&
         parameter[1] == '=' && parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    const auto comma = accept_encoding.find(',');
    const auto item = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size()
                                                                  : comma + 1);
    const auto semicolon = item.find(';');
    const auto coding = trimmed(item.substr(0, semicolon));
    const bool refused =
        semicolon != std::string_view::npos && is_refusal(trimmed(item.substr(semicolon + 1)));
    if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
      return !refused;
    }
    any = any || (coding == "*" && !refused);
  }
  return any;
}

GzipText::GzipText() : blocks_(kFileHeader) {}

GzipText GzipText::grown_to(std::string_view text) const {
  return with(blocks_.plus(deflated(text, text_size_)), text);
}

std::optional<GzipText> GzipText::grown_to(std::string_view text, Budget& budget) const {
  const auto more = deflated(text, text_size_);
  auto blocks = blocks_.plus(std::span(&more, 1), budget);
  return blocks ? std::optional(with(*std::move(blocks), text)) : std::nullopt;
}

// `blocks` hold all of `text`.
GzipText GzipText::with(GrowingText blocks, std::string_view text) const {
  GzipText grown;
  grown.blocks_ = std::move(blocks);
  grown.text_size_ = text.size();
  grown.checksum_ = checksum_of(text.substr(text_size_), checksum_);
  return grown;
}

std::string GzipText::end(std::string_view last) const {
  const auto size = static_cast<std::uint32_t>(last.size());
  std::string out = "\x01";  // the last block, stored
  append_little_endian(out, size, 2);
  append_little_endian(out, ~size, 2);
  out += last;
  append_little_endian(out, checksum_of(last, checksum_), 4);
  append_little_endian(out, static_cast<std::uint32_t>(text_size_ + last.size()), 4);
  return out;
}

}  // namespace comments::net
