#include "core/net/chunked.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/net/head.h"

namespace comments::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxSizeLine = 256;  // with its extensions, which we do not read
constexpr std::size_t kMaxTrailer = std::size_t{8} * 1024;
constexpr std::size_t kMaxSizeDigits = 8;

// Extensions are skipped, but must not hide the end of a line.
bool is_harmless(std::string_view extensions) {
  return extensions.empty() || (extensions.front() == ';' &&
                                std::all_of(extensions.begin(), extensions.end(), [](char c) {
                                  return (c >= 0x20 && c < 0x7F) || c == '\t';
                                }));
}

bool is_trailer_field(std::string_view line) {
  const auto name = line.substr(0, line.find(':'));
  return !name.empty() && name.size() < line.size() &&
         std::all_of(name.begin(), name.end(), is_token_char) &&
         line.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

}  // namespace

ChunkedDecoder::ChunkedDecoder(std::size_t begin, std::size_t max_body)
    : begin_(begin), max_body_(max_body), body_end_(begin), raw_(begin) {}

ChunkedDecoder::State ChunkedDecoder::advance(std::string& buffer) {
  State state{};
  std::size_t reached = 0;
  do {
    reached = raw_ + body_end_;
    if (part_ == Part::data) {
      const auto taken = std::min(data_left_, buffer.size() - raw_);
      std::copy_n(buffer.begin() + static_cast<std::ptrdiff_t>(raw_), taken,
                  buffer.begin() + static_cast<std::ptrdiff_t>(body_end_));
      raw_ += taken;
      body_end_ += taken;
      data_left_ -= taken;
      if (data_left_ == 0) {
        part_ = Part::data_end;
      }
      state = State::incomplete;
    } else {
      state = step(buffer);
    }
  } while (state == State::incomplete && raw_ + body_end_ != reached);
  buffer.erase(body_end_, raw_ - body_end_);
  raw_ = body_end_;
  return state;
}

ChunkedDecoder::State ChunkedDecoder::step(const std::string& buffer) {
  switch (part_) {
    case Part::size_line:
      return read_size_line(buffer);
    case Part::data_end: {
      const auto end = std::string_view(buffer).substr(raw_, kLineEnd.size());
      if (!kLineEnd.starts_with(end)) {
        return State::malformed;
      }
      if (end.size() == kLineEnd.size()) {
        raw_ += kLineEnd.size();
        part_ = Part::size_line;
      }
      return State::incomplete;
    }
    default:
      return read_trailer(buffer);
  }
}

ChunkedDecoder::State ChunkedDecoder::read_size_line(const std::string& buffer) {
  const auto rest = std::string_view(buffer).substr(raw_);
  const auto end = rest.find(kLineEnd);
  if (end == std::string_view::npos ? rest.size() > kMaxSizeLine : end > kMaxSizeLine) {
    return State::malformed;
  }
  if (end == std::string_view::npos) {
    return State::incomplete;
  }
  const auto line = rest.substr(0, end);
  std::size_t size = 0;
  const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  const auto digits = static_cast<std::size_t>(after - line.data());
  if (digits == 0 || !is_harmless(line.substr(digits))) {
    return State::malformed;
  }
  if (error != std::errc() || digits > kMaxSizeDigits || size > max_body_ - (body_end_ - begin_)) {
    return State::too_large;
  }
  raw_ += end + kLineEnd.size();
  data_left_ = size;
  part_ = size == 0 ? Part::trailer : Part::data;
  return State::incomplete;
}

// Trailers are read past: nothing we know of may come in one.
ChunkedDecoder::State ChunkedDecoder::read_trailer(const std::string& buffer) {
  const auto rest = std::string_view(buffer).substr(raw_);
  const auto end = rest.find(kLineEnd);
  if (trailer_bytes_ + std::min(end, rest.size()) > kMaxTrailer) {
    return State::too_large;
  }
  if (end == std::string_view::npos) {
    return State::incomplete;
  }
  raw_ += end + kLineEnd.size();
  trailer_bytes_ += end + kLineEnd.size();
  if (end == 0) {
    return State::complete;
  }
  return is_trailer_field(rest.substr(0, end)) ? State::incomplete : State::malformed;
}

}  // namespace comments::net
