#include "core/store/postgres/url.h"

#include <algorithm>
#include <libpq-fe.h>
#include <memory>

#include <fmt/format.h>

namespace comments::postgres {
namespace {

// What we want where the URL says nothing. Keepalives: a reader that waits for news must notice
// that its server is gone.
constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
    {"application_name", "comments"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "3"},
    {"keepalives_count", "3"},
};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) {
      return parts;
    }
    list.remove_prefix(comma + 1);
  }
}

// The i-th of them; one alone is everybody's, as libpq has it for ports.
std::string at(const std::vector<std::string>& parts, std::size_t i) {
  return parts.size() == 1 ? parts.front() : i < parts.size() ? parts[i] : "";
}

std::string taken(Url::Settings& settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const auto& setting) { return setting.first == name; });
  if (found == settings.end()) {
    return {};
  }
  auto value = std::move(found->second);
  settings.erase(found);
  return value;
}

}  // namespace

Result<Url> parse_url(std::string_view text, std::string_view password) {
  char* fault = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(text).c_str(), &fault), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> fault_text(fault, &PQfreemem);
  if (!options) {
    // libpq's text may quote the URL, password and all: for "invalid port" and the like that is no
    // loss, for whoever reads a log it is.
    return Error{ErrorCode::bad_request,
                 "--store is no PostgreSQL URL; write postgres://USER@HOST:PORT/DATABASE, with "
                 "special characters percent-encoded",
                 {}};
  }
  Url url;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') {
      url.settings.emplace_back(option->keyword, option->val);
    }
  }
  const auto hosts = split(taken(url.settings, "host"));
  const auto addresses = split(taken(url.settings, "hostaddr"));
  const auto ports = split(taken(url.settings, "port"));
  const auto count = std::max(hosts.size(), addresses.size());
  if (ports.size() > 1 && ports.size() != count) {
    return Error{ErrorCode::bad_request,
                 fmt::format("--store names {} ports for {} servers; give each its own, as in "
                             "postgres://a:5432,b:5432/comments",
                             ports.size(), count),
                 {}};
  }
  for (const auto& port : ports) {
    if (port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) {
      return Error{ErrorCode::bad_request,
                   fmt::format("--store: '{}' is no port; it takes a number from 1 to 65535", port),
                   {}};
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    url.servers.push_back(
        {.host = at(hosts, i), .address = at(addresses, i), .port = at(ports, i)});
  }
  const auto set = [&](std::string_view name, std::string_view value) {
    taken(url.settings, name);
    url.settings.emplace_back(name, value);
  };
  for (const auto& [name, value] : kDefaults) {
    if (auto given = taken(url.settings, name); given.empty()) {
      set(name, value);
    } else {
      set(name, given);
    }
  }
  // Of several, one is the primary: all but that one refuse to write.
  if (count > 1) {
    const auto given = taken(url.settings, "target_session_attrs");
    set("target_session_attrs", given.empty() ? "read-write" : given);
  }
  set("client_encoding", "UTF8");
  if (!password.empty()) {
    set("password", password);
  }
  return url;
}

}  // namespace comments::postgres
