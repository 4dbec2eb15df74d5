// The service that a client's command talks to.
#pragma once

#include <initializer_list>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/io.h"
#include "core/client/url.h"

namespace comments::cli {

// --url; it stays empty where nobody names a service.
void add_url_option(CLI::App& app, std::string& url);

// The service at that --url; where it is empty, where `comments serve` would listen with the same
// environment. Throws a UsageError that says what is wrong.
ServiceUrl service_of(const std::string& url, const Io& io);

// A URL that was typed or set. Throws a UsageError.
ServiceUrl parsed_url(const std::string& text);

// The port that the first of these variables names, "" where none does. Throws a UsageError.
std::string port_in(const Io& io, std::initializer_list<const char*> variables);

}  // namespace comments::cli
