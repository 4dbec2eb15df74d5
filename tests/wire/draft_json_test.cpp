#include "core/wire/draft_json.h"

#include "core/wire/bodies.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

// "thread|email|comment" of a body that is accepted, else the message.
std::string read(std::string_view body) {
  const auto draft = parse_draft(body, "");
  return draft ? draft->content_id().text() + "|" + draft->email() + "|" + draft->comment()
               : draft.error().message;
}

std::string with_content_id(std::string_view value) {
  return read(R"({"email":"a@b","comment":"c","content_id":)" + std::string(value) + "}");
}

std::string with_extra(std::string_view value) {
  return read(R"({"email":"a@b","comment":"c","content_id":1,"extra":)" + std::string(value) + "}");
}

std::string nested(int levels) {
  const auto depth = static_cast<std::size_t>(levels);
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("a post is three fields, in any order", "[wire]") {
  CHECK(read(R"({"email":"a@b","comment":"c","content_id":1})") == "1|a@b|c");
  CHECK(read(R"( {"content_id" : "x", "comment":"caf\u00e9 \ud83d\ude00", "email":"a@b"} )") ==
        "x|a@b|caf\u00E9 \U0001F600");
  CHECK(read("\xEF\xBB\xBF{\"email\":\"a@b\",\"comment\":\"c\",\"content_id\":1}") == "1|a@b|c");
}

TEST_CASE("content_id is a string, or an integer within ± 2^63 taken as text", "[wire]") {
  CHECK(with_content_id("\"1\"") == with_content_id("1"));
  CHECK(with_content_id("-9223372036854775808") == "-9223372036854775808|a@b|c");
  CHECK(with_content_id("9223372036854775808") == "9223372036854775808|a@b|c");
  const auto refused = [](std::string_view what) {
    return "content_id must be a string or an integer, not " + std::string(what);
  };
  CHECK(with_content_id("9223372036854775809") ==
        refused("a number that is no integer within ± 2^63"));
  CHECK(with_content_id("18446744073709551616") ==
        refused("a number that is no integer within ± 2^63"));
  CHECK(with_content_id(std::string(400, '9')) ==
        refused("a number that is no integer within ± 2^63"));
  CHECK(with_content_id("1.0") == refused("a number that is no integer within ± 2^63"));
  CHECK(with_content_id("1e3") == refused("a number that is no integer within ± 2^63"));
  CHECK(with_content_id("true") == refused("a boolean"));
  CHECK(with_content_id("null") == refused("null"));
  CHECK(with_content_id("[1]") == refused("an array"));
  CHECK(with_content_id("{}") == refused("an object"));
}

TEST_CASE("a field of another type is named", "[wire]") {
  CHECK(read(R"({"email":1,"comment":"c","content_id":1})") ==
        "email must be a string, not a number");
  CHECK(read(R"({"email":"a@b","comment":null,"content_id":1})") ==
        "comment must be a string, not null");
  CHECK(read(R"({"email":"a@b","comment":["c"],"content_id":1})") ==
        "comment must be a string, not an array");
}

TEST_CASE("a field that is missing is named", "[wire]") {
  CHECK(read("{}").starts_with("the body must have the field email"));
  CHECK(read(R"({"email":"a@b","content_id":1})")
            .starts_with("the body must have the field comment"));
  CHECK(read(R"({"email":"a@b","comment":"c"})")
            .starts_with("the body must have the field content_id"));
}

TEST_CASE("fields that we do not know are skipped, whatever they hold", "[wire]") {
  CHECK(with_extra(R"({"email":"other@b","deep":[1,2.5,{"content_id":null}],"x":true})") ==
        "1|a@b|c");
}

TEST_CASE("a key that comes twice in one object is refused, at any depth", "[wire]") {
  CHECK(read(R"({"email":"a@b","email":"a@b","comment":"c","content_id":1})") ==
        "the body names the key \"email\" twice");
  CHECK(with_extra(R"([{"k":1,"k":2}])") == "the body names the key \"k\" twice");
  CHECK(with_extra(R"([{"k":1},{"k":2}])") == "1|a@b|c");
}

TEST_CASE("the body is one JSON object", "[wire]") {
  CHECK(read("{").starts_with("the body is not valid JSON"));
  CHECK(read(R"({"email":"a@b","comment":"c","content_id":1}x)")
            .starts_with("the body is not valid JSON"));
  CHECK(read("[]") == "the body must be a JSON object, not an array");
  CHECK(read("\"text\"") == "the body must be a JSON object, not a string");
  CHECK(read("7") == "the body must be a JSON object, not a number");
  CHECK(read("null") == "the body must be a JSON object, not null");
}

TEST_CASE("an empty body is told what to be", "[wire]") {
  const auto told = R"(the body is empty; send {"email":"…","comment":"…","content_id":…})";
  CHECK(read("") == told);
  CHECK(read(" \r\n\t") == told);
}

TEST_CASE("bytes that are no UTF-8 are named as that", "[wire]") {
  const auto told = "the body is not valid UTF-8 near byte 44; send JSON in UTF-8";
  CHECK(with_content_id("\"\xFF\"") == told);
  CHECK(with_content_id("\"\xC3") ==
        "the body is not valid UTF-8 near byte 45; send JSON in UTF-8");
}

TEST_CASE("half a surrogate pair is told of the other half", "[wire]") {
  for (const auto* text : {R"("\ud800")", R"("\ud800x")", R"("\ud800\ud800")", R"("\udc00")"}) {
    CAPTURE(text);
    CHECK(with_content_id(text).starts_with("the body has half a surrogate pair near byte "));
    CHECK(with_content_id(text).find(R"(as in \ud83d\ude00)") != std::string::npos);
  }
}

TEST_CASE("a control character is escaped in JSON, and then up to its field", "[wire]") {
  using namespace std::string_view_literals;
  for (const auto text : {"\"\0\""sv, "\"\n\""sv, "\"\x1F\""sv}) {
    CHECK(with_content_id(text) ==
          "a string holds a control character as it is near byte 44; escape it, as in "
          R"(\n or \u0009)");
  }
  CHECK(with_content_id("\"\x7F\"") == "content_id must not contain control characters");
  CHECK(with_content_id(R"("\u0000")") == "content_id must not contain control characters");
}

TEST_CASE("32 levels are read, one more is refused, a million cost nothing", "[wire]") {
  CHECK(with_extra(nested(31)) == "1|a@b|c");
  CHECK(with_extra(nested(32)) == "the body is nested deeper than 32 levels");
  CHECK(with_extra(std::string(1'000'000, '[')) == "the body is nested deeper than 32 levels");
}

TEST_CASE("what a client sends is what the server reads", "[wire]") {
  const auto sent = draft("\u00E9 \"quoted\"", "line\nfeed \U0001F600", "key");
  const auto read = must(parse_draft(draft_body(sent), "key"));
  CHECK(read.content_id() == sent.content_id());
  CHECK(read.comment() == sent.comment());
  CHECK(read.email() == sent.email());
  CHECK(read.idempotency_key() == "key");
}

}  // namespace comments::tests
