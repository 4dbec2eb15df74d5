#include "core/net/framer.h"

#include <algorithm>
#include <utility>

namespace comments::net {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

constexpr int kBadRequest = 400;
constexpr int kTooLarge = 413;
constexpr int kTargetTooLong = 414;
constexpr int kHeadersTooLarge = 431;

// Whether a line ends in LF alone, from `begin` on: whoever reads on behind it may see another
// request, and whoever waits for CR LF would wait for good. (A lone CR is no field value.)
bool has_bare_line_feed(std::string_view text, std::size_t begin) {
  for (auto at = text.find('\n', begin); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') {
      return true;
    }
  }
  return false;
}

}  // namespace

Framer::State Framer::append(std::string_view bytes) {
  const bool had_head = state_ == State::body || state_ == State::complete;
  buffer_.append(bytes);
  if (had_head) {  // the buffer may have moved, and the head's views with it
    (void)parse_head(std::string_view(buffer_).substr(0, head_size_), limits_, head_);
  }
  return look();
}

std::string_view Framer::body() const {
  return std::string_view(buffer_).substr(head_size_, body_end_ - head_size_);
}

std::size_t Framer::expected_body() const {
  return head_.chunked ? limits_.body : head_.content_length;
}

bool Framer::take_expectation() {
  return std::exchange(expectation_pending_, false);
}

Framer::State Framer::pop() {
  buffer_.erase(0, body_end_);
  if (buffer_.empty()) {
    buffer_.shrink_to_fit();  // an idle connection costs little
  }
  searched_ = 0;
  empty_line_forgiven_ = false;
  chunked_.reset();
  state_ = State::empty;
  return look();
}

Framer::State Framer::look() {
  if (state_ == State::empty || state_ == State::head) {
    look_for_head();
  }
  if (state_ == State::body) {
    look_for_body();
  }
  return state_;
}

Framer::State Framer::look_for_head() {
  // One empty line before a request is forgiven (RFC 9112, section 2.2).
  while (searched_ == 0 && buffer_.starts_with("\r\n")) {
    if (std::exchange(empty_line_forgiven_, true)) {
      return refuse(kBadRequest);
    }
    buffer_.erase(0, 2);
  }
  if (buffer_.empty()) {
    return state_ = State::empty;
  }
  state_ = State::head;
  if (buffer_ == "\r") {  // perhaps such a line
    return state_;
  }
  const auto text = std::string_view(buffer_);
  const auto end = text.find(kHeadEnd, searched_ - std::min(searched_, kHeadEnd.size() - 1));
  const auto size = end == std::string_view::npos ? text.size() : end + kHeadEnd.size();
  // What is beyond the limit has no say, so that packets do not decide which refusal it is.
  const auto counted = text.substr(0, std::min(size, limits_.head + 1));
  if (has_bare_line_feed(counted, searched_)) {
    return refuse(kBadRequest);
  }
  if (size > limits_.head) {
    const bool in_request_line = counted.find("\r\n") > limits_.target;
    return refuse(in_request_line ? kTargetTooLong : kHeadersTooLarge);
  }
  if (end == std::string_view::npos) {
    searched_ = size;
    return state_;
  }
  head_size_ = size;
  if (const int refusal = parse_head(text.substr(0, size), limits_, head_); refusal != 0) {
    return refuse(refusal);
  }
  if (head_.chunked) {
    chunked_.emplace(head_size_, limits_.body);
  }
  expectation_pending_ = head_.expects_continue;
  return state_ = State::body;
}

Framer::State Framer::look_for_body() {
  if (chunked_) {
    switch (chunked_->advance(buffer_)) {
      case ChunkedDecoder::State::incomplete:
        return state_;
      case ChunkedDecoder::State::malformed:
        return refuse(kBadRequest);
      case ChunkedDecoder::State::too_large:
        return refuse(kTooLarge);
      case ChunkedDecoder::State::complete:
        break;
    }
    body_end_ = chunked_->body_end();
  } else {
    if (buffer_.size() - head_size_ < head_.content_length) {
      return state_;
    }
    body_end_ = head_size_ + head_.content_length;
  }
  expectation_pending_ = false;
  return state_ = State::complete;
}

Framer::State Framer::refuse(int status) {
  refusal_ = status;
  return state_ = State::refused;
}

}  // namespace comments::net
