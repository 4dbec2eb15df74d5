#include "core/wire/draft_json.h"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace comments {
namespace {

constexpr std::string_view kForm = R"({"email":"…","comment":"…","content_id":…})";

Error bad(std::string message) {
  return {ErrorCode::bad_request, std::move(message), {}};
}

// What is wrong at `position`, and the remedy. The parser's own words are too technical to pass on,
// but they tell the causes apart.
std::string syntax_fault(std::string_view parsers_words, std::size_t position) {
  const auto says = [&](std::string_view words) {
    return parsers_words.find(words) != std::string_view::npos;
  };
  if (says("ill-formed UTF-8")) {
    return fmt::format("the body is not valid UTF-8 near byte {}; send JSON in UTF-8", position);
  }
  if (says("surrogate U+")) {
    return fmt::format(
        "the body has half a surrogate pair near byte {}; escape both halves, as in "
        "\\ud83d\\ude00, "
        "or send the character as it is, in UTF-8",
        position);
  }
  if (says("control character U+")) {
    return fmt::format(
        "a string holds a control character as it is near byte {}; escape it, as in \\n or \\u0009",
        position);
  }
  return fmt::format("the body is not valid JSON near byte {}", position);
}

// Listens to the parser and keeps the three fields. A handler that answers false ends the parse.
// The names are those of nlohmann's SAX interface.
class DraftFields {
 public:
  bool null() { return scalar("null"); }
  bool boolean(bool /*value*/) { return scalar("a boolean"); }
  bool number_float(double /*value*/, const std::string& /*text*/) {
    return scalar("a number that is no integer within ± 2^63");
  }
  bool number_integer(std::int64_t value) { return integer(fmt::format("{}", value)); }
  bool number_unsigned(std::uint64_t value) {
    constexpr std::uint64_t kMax = std::uint64_t{1} << 63;
    return value <= kMax ? integer(fmt::format("{}", value)) : number_float(0, "");
  }
  bool binary(const std::vector<std::uint8_t>& /*value*/) { return false; }

  bool string(std::string& value) {
    if (auto* field = current_field()) {
      *field = std::move(value);
    }
    return at_top_level("a string");
  }

  bool start_object(std::size_t /*size*/) { return open(Keys{}, "an object"); }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*size*/) { return open(std::nullopt, "an array"); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (nesting_.size() == 1) {
      key_ = name;
    }
    const auto [at, is_new] = nesting_.back()->insert(std::move(name));
    return is_new || fail(fmt::format("the body names the key \"{}\" twice", shortened(*at)));
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& error) {
    constexpr int kOutOfRange = 406;  // a number that no double can hold: the parser stops at it
    if (error.id == kOutOfRange) {
      return current_field() != nullptr
                 ? number_float(0, "")
                 : fail(fmt::format("the body has a number beyond all range near byte {}",
                                    position));
    }
    return fail(syntax_fault(error.what(), position));
  }

  const std::optional<std::string>& error() const { return error_; }

  std::optional<std::string> email;
  std::optional<std::string> comment;
  std::optional<std::string> content_id;

 private:
  using Keys = std::set<std::string>;

  static std::string_view shortened(std::string_view name) { return name.substr(0, 40); }

  bool fail(std::string message) {
    if (!error_) {
      error_ = std::move(message);
    }
    return false;
  }

  // The field that a value now belongs to; null inside other values and for unknown keys.
  std::optional<std::string>* current_field() {
    if (nesting_.size() != 1) {
      return nullptr;
    }
    if (key_ == "email") {
      return &email;
    }
    if (key_ == "comment") {
      return &comment;
    }
    return key_ == "content_id" ? &content_id : nullptr;
  }

  // The whole body must be an object; `what` came instead.
  bool at_top_level(std::string_view what) {
    return !nesting_.empty() || fail(fmt::format("the body must be a JSON object, not {}", what));
  }

  bool integer(std::string text) {
    if (current_field() == &content_id) {
      content_id = std::move(text);
      return true;
    }
    return scalar("a number");
  }

  // A value that none of our fields may have.
  bool scalar(std::string_view what) {
    if (const auto* field = current_field()) {
      const auto* wanted = field == &content_id ? "a string or an integer" : "a string";
      return fail(fmt::format("{} must be {}, not {}", key_, wanted, what));
    }
    return at_top_level(what);
  }

  // `keys`: of an object, to meet each once; none for an array.
  bool open(std::optional<Keys> keys, std::string_view what) {
    if (!keys && nesting_.empty()) {
      return at_top_level(what);
    }
    if (current_field() != nullptr) {
      return scalar(what);
    }
    if (nesting_.size() >= static_cast<std::size_t>(kMaxJsonDepth)) {
      return fail(fmt::format("the body is nested deeper than {} levels", kMaxJsonDepth));
    }
    nesting_.push_back(std::move(keys));
    return true;
  }

  bool close() {
    nesting_.pop_back();
    return true;
  }

  std::vector<std::optional<Keys>> nesting_;  // what is open around the parser, outermost first
  std::string key_;                           // the last one of the outermost object
  std::optional<std::string> error_;
};

Result<void> check_complete(const DraftFields& fields) {
  const std::array<std::pair<std::string_view, const std::optional<std::string>*>, 3> required{
      {{"email", &fields.email}, {"comment", &fields.comment}, {"content_id", &fields.content_id}}};
  for (const auto& [name, value] : required) {
    if (!value->has_value()) {
      return bad(fmt::format("the body must have the field {}: {}", name, kForm));
    }
  }
  return {};
}

}  // namespace

Result<Draft> parse_draft(std::string_view body, std::string_view idempotency_key) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return bad(fmt::format("the body is empty; send {}", kForm));
  }
  DraftFields fields;
  if (!nlohmann::json::sax_parse(body.begin(), body.end(), &fields)) {
    return bad(fields.error().value_or("the body is not valid JSON"));
  }
  if (auto complete = check_complete(fields); !complete) {
    return complete.error();
  }
  auto content_id = ContentId::parse(*fields.content_id);
  if (!content_id) {
    return content_id.error();
  }
  return Draft::parse(*std::move(content_id), {.email = *std::move(fields.email),
                                               .comment = *std::move(fields.comment),
                                               .idempotency_key = std::string(idempotency_key)});
}

}  // namespace comments
