#include "cli/trace_option.h"

#include <ostream>

#include "core/telemetry/trace_context.h"

namespace comments::cli {

void add_trace_option(CLI::App& app, bool& trace) {
  app.add_flag("--trace", trace,
               "Name a trace to the service, for its log, and print it on standard error");
}

std::string traceparent_of(bool trace, Io& io) {
  if (!trace) {
    return {};
  }
  const auto context = TraceContext::make();
  io.err << "trace: " << context.trace_id() << '\n';
  return trace_text(context);
}

}  // namespace comments::cli
