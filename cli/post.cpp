// comments post: one comment, or as many as a file has lines.
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/post_many.h"
#include "cli/service_option.h"
#include "cli/trace_option.h"
#include "core/client/http_comments.h"
#include "core/wire/json_text.h"
#include "core/wire/paths.h"

namespace comments::cli {
namespace {

struct PostOptions {
  std::string content_id;
  std::string text;
  std::string email;
  std::string key;
  std::string url;
  bool json = false;
  bool trace = false;
  PostManyOptions many;
};

std::string text_of(const PostOptions& options, Io& io) {
  if (!options.text.empty()) {
    return options.text;
  }
  if (io.in_is_terminal) {
    io.err << "Write the comment, end it with Ctrl-D:\n";
  }
  std::string text{std::istreambuf_iterator<char>(io.in), {}};
  if (text.ends_with('\n')) {  // echo's, not the author's
    text.pop_back();
  }
  return text;
}

ExitCode post_one(const PostOptions& options, const ServiceUrl& url, Comments& service, Io& io) {
  if (options.content_id.empty() || options.email.empty()) {
    throw UsageError(
        "name the thread and yourself: comments post 1 --email you@example.com 'text'");
  }
  auto content_id = ContentId::parse(options.content_id);
  if (!content_id) {
    throw UsageError(content_id.error().message);
  }
  auto draft = Draft::parse(
      *content_id,
      {.email = options.email, .comment = text_of(options, io), .idempotency_key = options.key});
  if (!draft) {
    throw UsageError(draft.error().message);
  }
  const auto receipt = post_and_wait(service, *std::move(draft));
  if (!receipt) {
    io.err << "comments: " << receipt.error().message << '\n';
    return exit_code_of(receipt.error());
  }
  const auto location = url.origin + url.prefix + comment_path(*content_id, receipt->id);
  if (options.json) {
    std::string line = R"({"content_id":)";
    append_json_string(line, content_id->text());
    line += fmt::format(R"(,"format":1,"id":{},"location":)", receipt->id);
    append_json_string(line, location);
    io.out << line << "}\n";
  } else {
    io.out << location << '\n';
  }
  return ExitCode::ok;
}

ExitCode post(const PostOptions& options, Io& io) {
  const auto url = service_of(options.url, io);
  const auto service =
      make_http_comments({.url = url, .traceparent = traceparent_of(options.trace, io)});
  if (options.many.from.empty()) {
    return post_one(options, url, *service, io);
  }
  if (!options.content_id.empty() || !options.email.empty() || !options.key.empty()) {
    throw UsageError("with --from, thread, e-mail and text are in the file's lines");
  }
  return post_many(options.many, options.json, *service, io);
}

}  // namespace

Action declare_post(CLI::App& app) {
  auto options = std::make_shared<PostOptions>();
  app.add_option("CONTENT_ID", options->content_id, "The article's thread");
  app.add_option("TEXT", options->text,
                 "The comment; after -- if it begins with -; left out: standard input");
  app.add_option("--email", options->email, "The author's address; with --from, it is in the lines")
      ->type_name("ADDRESS");
  app.add_option("--key", options->key, "Idempotency key: post with it as often as you like")
      ->type_name("KEY");
  add_url_option(app, options->url);
  app.add_option("--from", options->many.from,
                 "Post every line of an NDJSON file; -: standard input")
      ->type_name("FILE");
  app.add_option("--concurrency", options->many.concurrency,
                 "Posts under way at once; 1 keeps the file's order")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--failed", options->many.failed,
                 "Where refused lines go [FILE.failed; for -: comments.failed]")
      ->type_name("FILE");
  add_trace_option(app, options->trace);
  app.add_flag("--json", options->json, "Print the result as JSON, see below");
  app.footer(
      "A line of FILE is {\"content_id\":…,\"email\":…,\"comment\":…}. Its number and text make "
      "its\n"
      "idempotency key: the same file posted again, within 24 hours, adds nothing. An interrupted\n"
      "run is continued by running it again. The file of --failed is made at the first line that "
      "is\n"
      "refused and then replaces an older one; it is never removed.\n\n"
      "The JSON is format 1: {\"content_id\":…,\"format\":1,\"id\":N,\"location\":…}, or with "
      "--from\n"
      "{\"failed\":N,\"format\":1,\"posted\":N}.");
  return [options](Io& io) { return post(*options, io); };
}

}  // namespace comments::cli
