#include "core/wire/archive_json.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

const ArchivedComment kPlain{content_id("1"), {7, "a@b", "caf\u00E9 \"x\"", Timestamp()}};
const ArchivedComment kKeyed{
    content_id("1"), {8, "a@b", "x", Timestamp()}, "key", Timestamp(std::chrono::milliseconds(1))};

std::string refusal(std::string_view line) {
  const auto parsed = parse_archive_line(line);
  return parsed ? "taken" : parsed.error().message;
}

}  // namespace

TEST_CASE("an archived comment has one form, and comes back from it", "[wire]") {
  CHECK(archive_line(kPlain) ==
        R"({"comment":"caf\u00e9 \"x\"","content_id":"1","created_at":"1970-01-01T00:00:00.000Z",)"
        R"("email":"a@b","id":7})"
        "\n");
  CHECK(archive_line(kKeyed) ==
        R"({"comment":"x","content_id":"1","created_at":"1970-01-01T00:00:00.000Z","email":"a@b",)"
        R"("id":8,"key":"key","key_stored_at":"1970-01-01T00:00:00.001Z"})"
        "\n");
  for (const auto& one : {kPlain, kKeyed}) {
    CHECK(must(parse_archive_line(archive_line(one))) == one);
  }
}

TEST_CASE("a line that is no comment, or none that could have been posted, is refused", "[wire]") {
  for (const auto* line : {"", "{}", "[]", "null", "{\"id\":1}", "not JSON", "{\"id\":", "\xFF"}) {
    CHECK(refusal(line) == "the line is no archived comment");
  }
  auto line = archive_line(kKeyed);
  CHECK(refusal(line.substr(0, line.size() / 2)) == "the line is no archived comment");
  line.replace(line.find("\"id\":8"), 6, "\"id\":0");
  CHECK(refusal(line) == "the line is no archived comment");
  line = archive_line(kPlain);
  line.replace(line.find("a@b"), 3, "a-b");
  CHECK(refusal(line).find("email") != std::string::npos);
  CHECK(refusal(std::string(1'000'000, '[')) == "the line is no archived comment");
}

TEST_CASE("an archive's first line says its format; a later one is refused with the remedy",
          "[wire]") {
  CHECK(check_archive_header(archive_header("1.2.3")));
  CHECK(check_archive_header("{}").error().message.find("comments export") != std::string::npos);
  CHECK(check_archive_header(R"({"comments_archive":2})").error().message.find("a later one") !=
        std::string::npos);
}

TEST_CASE("an archive's last line comes back, and a damaged one is refused", "[wire]") {
  const ArchiveTrailer trailer{3, 2, std::string(64, 'a')};
  const auto line = archive_trailer(trailer);
  CHECK(is_archive_trailer(line));
  CHECK_FALSE(is_archive_trailer(archive_line(kPlain)));
  CHECK(must(parse_archive_trailer(line)) == trailer);
  CHECK_FALSE(parse_archive_trailer(line.substr(0, 40)));
  CHECK_FALSE(parse_archive_trailer(R"({"comments":-3,"sha256":"","threads":1})"));
}

}  // namespace comments::tests
