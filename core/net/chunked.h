// The chunked transfer coding (RFC 9112, section 7.1), decoded in place and step by step.
#pragma once

#include <cstddef>
#include <string>

namespace comments::net {

// Decodes what has arrived of a chunked body in the buffer that it arrives in: the decoded bytes
// move to the front, so that the buffer never holds more than the body and one line. One body a
// decoder.
class ChunkedDecoder {
 public:
  enum class State { incomplete, complete, malformed, too_large };

  // The body begins at `begin` in the buffer, and has at most `max_body` bytes when decoded.
  ChunkedDecoder(std::size_t begin, std::size_t max_body);

  // Takes in what stands in `buffer` beyond the point reached before. When complete, the body is
  // buffer[begin, body_end()), and what follows belongs to the next request.
  State advance(std::string& buffer);

  std::size_t body_end() const { return body_end_; }

 private:
  enum class Part { size_line, data, data_end, trailer };

  State step(const std::string& buffer);
  State read_size_line(const std::string& buffer);
  State read_trailer(const std::string& buffer);

  const std::size_t begin_;
  const std::size_t max_body_;
  Part part_ = Part::size_line;
  std::size_t body_end_;       // the decoded bytes end here
  std::size_t raw_;            // and the undecoded ones begin here
  std::size_t data_left_ = 0;  // of the present chunk
  std::size_t trailer_bytes_ = 0;
};

}  // namespace comments::net
