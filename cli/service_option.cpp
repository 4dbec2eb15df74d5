#include "cli/service_option.h"

#include "cli/command.h"
#include "cli/value_rules.h"

namespace comments::cli {

void add_url_option(CLI::App& app, std::string& url) {
  app.add_option("--url", url,
                 "The service, http:// or https:// [http://localhost:8000, or at PORT]")
      ->type_name("URL");
}

ServiceUrl service_of(const std::string& url, const Io& io) {
  if (!url.empty()) {
    return parsed_url(url);
  }
  const auto port = port_in(io, {"COMMENTS_PORT", "PORT"});
  return parsed_url(port.empty() ? "http://localhost:8000" : "http://127.0.0.1:" + port);
}

ServiceUrl parsed_url(const std::string& text) {
  auto url = parse_service_url(text);
  if (!url) {
    throw UsageError(url.error().message);
  }
  return *std::move(url);
}

std::string port_in(const Io& io, std::initializer_list<const char*> variables) {
  for (const auto* variable : variables) {
    if (const auto text = io.environment(variable).value_or(""); !text.empty()) {
      return std::to_string(port_number(text, variable));
    }
  }
  return {};
}

}  // namespace comments::cli
