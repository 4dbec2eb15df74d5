// A trace that begins with a command, by which the operator finds what became of its requests.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "cli/io.h"

namespace comments::cli {

// --trace.
void add_trace_option(CLI::App& app, bool& trace);

// The traceparent (W3C Trace Context) that the command's requests carry: of a new trace, named on
// io.err, where one is wanted, else "".
std::string traceparent_of(bool trace, Io& io);

}  // namespace comments::cli
