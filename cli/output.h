// A stream buffer over a file descriptor that remembers why a write failed: a stream alone knows
// only that one did, and errno is another's by then.
#pragma once

#include <array>
#include <streambuf>

namespace comments::cli {

class Output final : public std::streambuf {
 public:
  // The descriptor stays the caller's.
  explicit Output(int descriptor);
  ~Output() override { Output::sync(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // The errno of the first write that failed; 0: none did. Nothing is written after it.
  int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  const int descriptor_;
  int error_ = 0;
  std::array<char, 65'536> buffer_;
};

}  // namespace comments::cli
