// comments list: a thread, page by page, readable or as JSON.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/service_option.h"
#include "cli/terminal_text.h"
#include "cli/trace_option.h"
#include "core/client/follow.h"
#include "core/client/http_comments.h"
#include "core/wire/bodies.h"
#include "core/wire/timestamp_text.h"

namespace comments::cli {
namespace {

struct ListOptions {
  std::string content_id;
  std::string url;
  std::int64_t limit = 0;  // 0: all
  std::int64_t after = 0;
  std::string order = "asc";
  bool follow = false;
  bool json = false;
  bool trace = false;
};

enum class Form {
  readable,
  json_array,
  json_lines,  // what has no end cannot be an array
};

class Printer {
 public:
  Printer(std::ostream& out, ContentId content_id, Form form, bool colour)
      : out_(out), content_id_(std::move(content_id)), form_(form), colour_(colour) {}

  void print(const Comment& comment) {
    if (form_ == Form::readable) {
      print_readable(comment);
    } else {
      const auto* before = form_ == Form::json_lines ? "" : printed_ == 0 ? "[" : ",\n ";
      std::string element = before;
      append_comment(element, content_id_, comment, {View::full, EmailVisibility::raw});
      out_ << element << (form_ == Form::json_lines ? "\n" : "");
    }
    ++printed_;
  }

  void finish() {
    if (form_ == Form::json_array) {
      out_ << (printed_ == 0 ? "[]\n" : "]\n");
    } else if (form_ == Form::readable && printed_ == 0) {
      out_ << "no comments yet\n";
    }
    out_.flush();
  }

 private:
  void print_readable(const Comment& comment) {
    const auto email = comment.email.empty() ? "(hidden)" : terminal_text(comment.email);
    const auto time = timestamp_text(comment.created_at);
    const auto head = fmt::format("#{} {}", comment.id, email);
    const auto when = fmt::format("{} {}", time.substr(0, 10), time.substr(11, 8));
    out_ << (colour_ ? fmt::format("\x1b[1m{}\x1b[0m  \x1b[2m{}\x1b[0m\n", head, when)
                     : fmt::format("{}  {}\n", head, when));
    out_ << indented(terminal_text(comment.comment)) << "\n\n";
  }

  static std::string indented(const std::string& text) {
    std::string result = "  ";
    for (const char c : text) {
      result += c;
      if (c == '\n') {
        result += "  ";
      }
    }
    return result;
  }

  std::ostream& out_;
  const ContentId content_id_;
  const Form form_;
  const bool colour_;
  std::int64_t printed_ = 0;
};

ExitCode fail(const Error& error, Io& io) {
  io.err << "comments: " << error.message << '\n';
  return exit_code_of(error);
}

// Prints what the options ask for; the largest id printed, or --after where nothing was.
Result<std::int64_t> print_pages(const ListOptions& options, Comments& service, ListQuery query,
                                 Printer& printer, const std::ostream& out) {
  const bool ascending = query.order == Order::ascending;
  auto left = options.limit == 0 ? std::numeric_limits<std::int64_t>::max() : options.limit;
  std::int64_t last = options.after;
  while (left > 0 && out) {
    query.limit = static_cast<int>(std::min<std::int64_t>(left, kMaxPageLimit));
    if (!ascending && !query.before) {
      query.before = std::numeric_limits<std::int64_t>::max() - 1;  // a window, from its end
    }
    const auto page = service.list(query);
    if (!page) {
      return page.error();
    }
    for (const auto& comment : page->comments) {
      printer.print(comment);
      last = std::max(last, comment.id);
    }
    if (page->comments.size() < static_cast<std::size_t>(query.limit)) {
      break;
    }
    left -= query.limit;
    (ascending ? query.after : query.before) = page->comments.back().id;
  }
  return last;
}

// With --follow, --limit is about the newest comments, like `tail -n`: where they begin.
Result<std::int64_t> begin_of_newest(const ListOptions& options, Comments& service,
                                     const ContentId& content_id) {
  const auto page = service.list({.content_id = content_id, .limit = 1});
  if (!page) {
    return page.error();
  }
  return std::max(options.after, page->total - options.limit);
}

ExitCode follow(ListOptions options, FollowOptions following, Comments& service, ListQuery query,
                Printer& printer, Io& io) {
  if (options.limit != 0) {
    const auto begin = begin_of_newest(options, service, query.content_id);
    if (!begin) {
      return fail(begin.error(), io);
    }
    query.after = options.after = *begin;
    options.limit = 0;
  }
  const auto last = print_pages(options, service, query, printer, io.out);
  if (!last) {
    return fail(last.error(), io);
  }
  io.out.flush();
  following.after = *last;
  const auto ended = follow_comments(std::move(following), [&](const Comment& comment) {
    printer.print(comment);
    io.out.flush();
    return io.out.good();
  });
  return ended ? ExitCode::ok : fail(ended.error(), io);
}

ExitCode list(const ListOptions& options, Io& io) {
  auto content_id = ContentId::parse(options.content_id);
  if (!content_id) {
    throw UsageError(content_id.error().message);
  }
  const auto url = service_of(options.url, io);
  const bool ascending = options.order == "asc";
  if (options.follow && !ascending) {
    throw UsageError("--follow goes with --order asc: what is new comes last");
  }
  const auto traceparent = traceparent_of(options.trace, io);
  const auto service = make_http_comments({.url = url, .traceparent = traceparent});
  const ListQuery query{.content_id = *content_id,
                        .after = options.after,
                        .order = ascending ? Order::ascending : Order::descending};
  const auto form = !options.json    ? Form::readable
                    : options.follow ? Form::json_lines
                                     : Form::json_array;
  Printer printer(io.out, *content_id, form, wants_colour(io));
  if (options.follow) {
    return follow(options, {.url = url, .content_id = *content_id, .traceparent = traceparent},
                  *service, query, printer, io);
  }
  const auto printed = print_pages(options, *service, query, printer, io.out);
  if (!printed) {
    return fail(printed.error(), io);
  }
  printer.finish();
  return ExitCode::ok;
}

}  // namespace

Action declare_list(CLI::App& app) {
  auto options = std::make_shared<ListOptions>();
  app.add_option("CONTENT_ID", options->content_id, "The article's thread")->required();
  add_url_option(app, options->url);
  app.add_option("--limit", options->limit, "At most that many comments")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::numeric_limits<std::int64_t>::max()));
  app.add_option("--after", options->after, "Only comments after the one with this number")
      ->type_name("ID")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--order", options->order, "asc: oldest first; desc: newest first")
      ->type_name("ORDER")
      ->check(CLI::IsMember({"asc", "desc"}))
      ->capture_default_str();
  app.add_flag("--follow", options->follow,
               "Then go on with what is new; --limit N: after the newest N");
  add_trace_option(app, options->trace);
  app.add_flag("--json", options->json,
               "Print an array of comments, with --follow a line for each, as JSON");
  app.footer(
      "The JSON is format 1: comments are {\"comment\":…,\"content_id\":…,\"created_at\":…,\n"
      "\"email\":…,\"id\":N}, without email where the service hides it. Fields may be added; "
      "these\n"
      "keep their meaning as long as the format is 1.");
  return [options](Io& io) { return list(*options, io); };
}

}  // namespace comments::cli
