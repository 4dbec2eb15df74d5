#include "core/net/client_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>

namespace comments::net {
namespace {

using Ipv6Bytes = std::array<unsigned char, 16>;

template <class Bytes>
std::optional<Bytes> parsed(int family, const std::string& text) {
  Bytes bytes{};
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1 ? std::optional(bytes) : std::nullopt;
}

template <class Bytes>
std::string text_of(int family, const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, bytes.data(), text.data(), text.size());
  return text.data();
}

bool is_mapped_ipv4(const Ipv6Bytes& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

// Some proxies append the port: "192.0.2.7:4711", "[2001:db8::1]:4711".
std::string without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return std::string(end == text.npos ? "" : text.substr(1, end - 1));
  }
  const auto colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.find(':', colon + 1) == text.npos;
  return std::string(has_port ? text.substr(0, colon) : text);
}

// nullopt where it is no address.
std::optional<std::string> network_of(std::string_view address) {
  const auto text = without_port(address);
  if (const auto ipv4 = parsed<std::array<unsigned char, 4>>(AF_INET, text)) {
    return text_of(AF_INET, *ipv4);
  }
  auto ipv6 = parsed<Ipv6Bytes>(AF_INET6, text);
  if (!ipv6) {
    return std::nullopt;
  }
  if (is_mapped_ipv4(*ipv6)) {
    return text_of(AF_INET, std::array{(*ipv6)[12], (*ipv6)[13], (*ipv6)[14], (*ipv6)[15]});
  }
  std::fill(ipv6->begin() + 8, ipv6->end(), static_cast<unsigned char>(0));
  return text_of(AF_INET6, *ipv6) + "/64";
}

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
  const auto end = text.find_last_not_of(" \t");
  return text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin);
}

// The entry so many places from the right, over all the headers in their order.
std::string_view forwarded_entry(const Request& request, int place) {
  std::string_view found;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!equal_ignoring_case(header->first, "X-Forwarded-For")) {
      continue;
    }
    for (auto rest = header->second; !rest.empty() && place > 0;) {
      const auto comma = rest.rfind(',');
      const auto entry = trimmed(comma == rest.npos ? rest : rest.substr(comma + 1));
      rest = comma == rest.npos ? std::string_view() : rest.substr(0, comma);
      if (!entry.empty()) {
        found = entry;
        --place;
      }
    }
  }
  return found;
}

}  // namespace

std::string client_network(const Request& request, int trusted_proxies) {
  const auto forwarded = network_of(forwarded_entry(request, trusted_proxies));
  return forwarded ? *forwarded : network_of(request.peer).value_or(std::string(request.peer));
}

}  // namespace comments::net
