#include "core/net/response_text.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace comments::net {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

// RFC 9110, sections 15.3.5 and 15.4.5.
bool is_bodiless(int status) {
  return status == 204 || status == 304;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_fields_of(std::string& out, const Response& response) {
  for (const auto& [name, value] : response.headers) {
    append_field(out, name, value);
  }
}

void append_head_text(std::string& out, const Response& response) {
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                 reason_of(response.status));
  if (!is_bodiless(response.status)) {
    if (!response.content_type.empty()) {
      append_field(out, "Content-Type", response.content_type);
    }
    if (!response.follow) {
      fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body_size());
    }
  }
  append_fields_of(out, response);
}

}  // namespace

std::string head_text(const Response& response) {
  std::string text;
  append_head_text(text, response);
  return text;
}

void append_head(std::string& out, const Response& response, const Delivery& delivery) {
  if (response.head) {
    out += *response.head;
    append_fields_of(out, response);
  } else {
    append_head_text(out, response);
  }
  append_field(out, "Date", delivery.date);
  if (!delivery.keep_alive) {
    append_field(out, "Connection", "close");
  } else if (delivery.http_1_0) {
    append_field(out, "Connection", "keep-alive");
  }
  out += "\r\n";
}

bool sends_body(const Response& response, const Delivery& delivery) {
  return !delivery.head_only && !is_bodiless(response.status);
}

std::string http_date(std::int64_t unix_seconds) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
}

}  // namespace comments::net
