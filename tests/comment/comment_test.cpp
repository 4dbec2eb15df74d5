#include "core/comment/comment.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

// "ok", or the error's code and message.
template <class T>
std::string outcome(const Result<T>& result) {
  if (result) {
    return "ok";
  }
  const auto word = result.error().code == ErrorCode::too_large ? "too large: " : "bad: ";
  return word + result.error().message;
}

std::string thread_named(std::string_view text) {
  return outcome(ContentId::parse(text));
}

std::string from(std::string email) {
  return outcome(Draft::parse(content_id("1"), {.email = std::move(email), .comment = "hello"}));
}

std::string saying(std::string comment) {
  return outcome(Draft::parse(content_id("1"), {.email = "a@b", .comment = std::move(comment)}));
}

std::string with_key(std::string key) {
  return outcome(Draft::parse(
      content_id("1"), {.email = "a@b", .comment = "hello", .idempotency_key = std::move(key)}));
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

}  // namespace

TEST_CASE("a thread's name has 1 to 200 bytes", "[comment]") {
  CHECK(thread_named("") == "bad: content_id must not be empty");
  CHECK(thread_named(std::string(200, 'x')) == "ok");
  CHECK(thread_named(std::string(201, 'x')) == "too large: content_id has at most 200 bytes");
  CHECK(thread_named(repeated("\u00E9", 100)) == "ok");
  CHECK(thread_named(repeated("\u00E9", 100) + "x") ==
        "too large: content_id has at most 200 bytes");
}

TEST_CASE("a thread's name is UTF-8 without slash and control characters", "[comment]") {
  CHECK(thread_named("a/b") == "bad: content_id must not contain '/'");
  CHECK(thread_named("a\nb") == "bad: content_id must not contain control characters");
  CHECK(thread_named(std::string_view("a\0b", 3)) ==
        "bad: content_id must not contain control characters");
  CHECK(thread_named("\x7F") == "bad: content_id must not contain control characters");
  CHECK(thread_named("\u0085") == "bad: content_id must not contain control characters");
  CHECK(thread_named("\xFF") == "bad: content_id must be valid UTF-8");
  CHECK(thread_named(" spaces are fine ") == "ok");
}

TEST_CASE("an e-mail address has one @ with text on both sides", "[comment]") {
  const std::string shape =
      "bad: email must look like name@example.com: one @ with text on both sides";
  CHECK(from("a@b") == "ok");
  CHECK(from("") == shape);
  CHECK(from("alice") == shape);
  CHECK(from("@b") == shape);
  CHECK(from("a@") == shape);
  CHECK(from("a@b@c") == shape);
}

TEST_CASE("an e-mail address has no white space or control characters", "[comment]") {
  const std::string fault = "bad: email must not contain spaces or control characters";
  CHECK(from("a b@c") == fault);
  CHECK(from("a@b\n") == fault);
  CHECK(from("a\u00A0@b") == fault);
  CHECK(from("a@b\x7F") == fault);
  CHECK(from("\xC3@b") == "bad: email must be valid UTF-8");
  CHECK(from("jos\u00E9@caf\u00E9.example") == "ok");
}

TEST_CASE("an e-mail address of 254 bytes is kept, one byte more is refused", "[comment]") {
  CHECK(from(std::string(252, 'a') + "@b") == "ok");
  CHECK(from(std::string(253, 'a') + "@b") == "too large: email has at most 254 bytes");
}

TEST_CASE("a comment one character over the limit is refused, at the limit it is kept",
          "[comment]") {
  CHECK(saying(std::string(10'000, 'x')) == "ok");
  CHECK(saying(std::string(10'001, 'x')) ==
        "too large: comment has at most 10000 characters, this one has 10001");
  CHECK(saying(repeated("\U0001F600", 10'000)) == "ok");
  CHECK(saying(repeated("\U0001F600", 10'001)) ==
        "too large: comment has at most 10000 characters, this one has 10001");
}

TEST_CASE("a comment that is only white space is refused", "[comment]") {
  CHECK(saying("") == "bad: comment must not be blank");
  CHECK(saying(" \t\n") == "bad: comment must not be blank");
  CHECK(saying("\u00A0\u3000\u2028") == "bad: comment must not be blank");
  CHECK(saying(" x ") == "ok");
  CHECK(saying("\u200B") == "ok");
}

TEST_CASE("a comment is UTF-8 without NUL, other control characters are the author's",
          "[comment]") {
  CHECK(saying(std::string("a\0b", 3)) == "bad: comment must not contain NUL characters");
  CHECK(saying("a\xED\xA0\x80") == "bad: comment must be valid UTF-8");
  CHECK(saying("\x01") == "ok");
}

TEST_CASE("an idempotency key has up to 255 visible ASCII characters", "[comment]") {
  const std::string fault = "bad: Idempotency-Key must be 1 to 255 visible ASCII characters";
  CHECK(with_key(std::string(255, 'k')) == "ok");
  CHECK(with_key("!~") == "ok");
  CHECK(with_key(std::string(256, 'k')) == fault);
  CHECK(with_key("a b") == fault);
  CHECK(with_key("\u00E9") == fault);
  CHECK(with_key("a\x7F") == fault);
}

}  // namespace comments::tests
