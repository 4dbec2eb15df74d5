#include "core/net/head.h"

#include <algorithm>
#include <charconv>

namespace comments::net {
namespace {

constexpr int kOk = 0;
constexpr int kBadRequest = 400;
constexpr int kTooLarge = 413;
constexpr int kTargetTooLong = 414;
constexpr int kHeadersTooLarge = 431;
constexpr int kNotImplemented = 501;
constexpr int kVersionNotSupported = 505;

constexpr std::string_view kLineEnd = "\r\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

// Field values: no control character but the tab. A CR or LF inside a line is one, too.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
  });
}

// No space, control character or fragment. Bytes above ASCII are no URI, but people type them into
// curl; they mean UTF-8, and are checked as such with the rest of the path.
bool is_target(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F && c != '#';
  });
}

bool is_authority(std::string_view text) {
  const auto colon = text.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
  const auto port = has_port ? text.substr(colon + 1) : std::string_view();
  return std::all_of(port.begin(), port.end(), is_digit) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_alpha(c) ||
                  std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
         });
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes a line off the front of `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find(kLineEnd);
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
  return line;
}

// Makes an origin-form of the absolute-form, which a server must take (RFC 9112, section 3.2.2).
bool normalize_target(std::string_view method, std::string_view& target) {
  if (target.front() == '/') {
    return true;
  }
  if (target == "*") {
    return method == "OPTIONS";
  }
  const auto scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos ||
      !(equal_ignoring_case(target.substr(0, scheme_end), "http") ||
        equal_ignoring_case(target.substr(0, scheme_end), "https"))) {
    return false;
  }
  const auto authority = target.substr(scheme_end + 3);
  const auto path = authority.find_first_of("/?");
  if (path == 0 || !is_authority(authority.substr(0, path))) {
    return false;
  }
  target = path == std::string_view::npos ? std::string_view("/") : authority.substr(path);
  return target.front() == '/';
}

int parse_request_line(std::string_view line, const Limits& limits, Head& head) {
  const auto first_space = line.find(' ');
  const auto last_space = line.rfind(' ');
  if (first_space == std::string_view::npos || first_space == last_space) {
    return line.size() > limits.target ? kTargetTooLong : kBadRequest;
  }
  head.method = line.substr(0, first_space);
  head.target = line.substr(first_space + 1, last_space - first_space - 1);
  const auto version = line.substr(last_space + 1);
  if (!is_token(head.method)) {
    return kBadRequest;
  }
  if (head.target.size() > limits.target) {
    return kTargetTooLong;
  }
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) ||
      version[6] != '.' || !is_digit(version[7])) {
    return kBadRequest;
  }
  if (version[5] != '1') {
    return kVersionNotSupported;
  }
  head.http_1_0 = version[7] == '0';
  head.keep_alive = !head.http_1_0;
  return is_target(head.target) && normalize_target(head.method, head.target) ? kOk : kBadRequest;
}

// Digits alone: no sign, no list, no space inside.
bool parse_content_length(std::string_view text, std::size_t& length) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return false;
  }
  if (std::from_chars(text.data(), text.data() + text.size(), length).ec != std::errc()) {
    length = std::string_view::npos;  // more than fits: too large, whatever it is
  }
  return true;
}

void read_connection_options(std::string_view value, Head& head) {
  while (!value.empty()) {
    const auto comma = value.find(',');
    const auto option = trimmed(value.substr(0, comma));
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
    if (equal_ignoring_case(option, "close")) {
      head.keep_alive = false;
      return;  // wins over whatever else is listed
    }
    if (equal_ignoring_case(option, "keep-alive")) {
      head.keep_alive = true;
    }
  }
}

int parse_fields(std::string_view text, const Limits& limits, Head& head) {
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) {
      return text.empty() ? kOk : kBadRequest;
    }
    if (head.fields.size() == limits.fields) {
      return kHeadersTooLarge;
    }
    const auto colon = line.find(':');
    // A name that is no token: a space before the colon, a folded line, a missing colon.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
      return kBadRequest;
    }
    const auto value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) {
      return kBadRequest;
    }
    head.fields.emplace_back(line.substr(0, colon), value);
  }
  return kBadRequest;  // no empty line at the end
}

// What the fields say about the connection and the body; each at most once where two would leave a
// choice.
int interpret_fields(const Limits& limits, Head& head) {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  bool known_coding = true;
  for (const auto& [name, value] : head.fields) {
    if (equal_ignoring_case(name, "Host")) {
      ++hosts;
      if (!is_authority(value)) {
        return kBadRequest;
      }
    } else if (equal_ignoring_case(name, "Content-Length")) {
      ++lengths;
      if (!parse_content_length(value, head.content_length)) {
        return kBadRequest;
      }
    } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
      ++codings;
      known_coding = equal_ignoring_case(value, "chunked");
    } else if (equal_ignoring_case(name, "Connection")) {
      read_connection_options(value, head);
    } else if (equal_ignoring_case(name, "Expect")) {
      head.expects_continue = !head.http_1_0 && equal_ignoring_case(value, "100-continue");
    }
  }
  const bool host_is_right = head.http_1_0 ? hosts <= 1 : hosts == 1;
  if (!host_is_right || lengths > 1 || codings > 1 || (codings == 1 && lengths == 1) ||
      (codings == 1 && head.http_1_0)) {
    return kBadRequest;
  }
  if (!known_coding) {
    return kNotImplemented;
  }
  head.chunked = codings == 1;
  return head.content_length > limits.body ? kTooLarge : kOk;
}

}  // namespace

bool is_token_char(char c) {
  return is_digit(c) || is_alpha(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

int parse_head(std::string_view text, const Limits& limits, Head& head) {
  head = {.fields = std::move(head.fields)};
  head.fields.clear();
  if (const int refusal = parse_request_line(take_line(text), limits, head); refusal != kOk) {
    return refusal;
  }
  if (const int refusal = parse_fields(text, limits, head); refusal != kOk) {
    return refusal;
  }
  return interpret_fields(limits, head);
}

}  // namespace comments::net
