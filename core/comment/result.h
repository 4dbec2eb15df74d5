// How a call that may fail answers: a value, or an Error that says what to do about it.
//
// Expected failures (bad input, a full disk, a server that is not there) are values; nothing in
// core/ throws for them. Exceptions are left for bugs and exhausted memory.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace comments {

// The kinds of failure a caller can meet, the same on both sides of the wire.
// core/wire/error_table.h gives each its word and HTTP status.
enum class ErrorCode {
  bad_request,
  not_found,
  method_not_allowed,
  request_timeout,
  too_large,
  unsupported_media_type,
  idempotency_conflict,
  rate_limited,
  internal,
  not_implemented,
  version_not_supported,
  unavailable,
  overloaded,
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // for whoever called: what is wrong and what to do about it
  std::string detail;   // for the operator's log only; never leaves the process otherwise
};

// Either a T or an Error. Test it first: reading the side that is not there is a bug, and throws.
template <class T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that both `return value;` and `return error;` read as they mean.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_.has_value(); }

  const Error& error() const { return error_.value(); }

 private:
  std::optional<Error> error_;
};

}  // namespace comments
