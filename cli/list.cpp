// comments list: a thread, page by page, readable or as JSON.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/terminal_text.h"
#include "core/client/http_comments.h"
#include "core/wire/bodies.h"
#include "core/wire/timestamp_text.h"

namespace comments::cli {
namespace {

struct ListOptions {
  std::string content_id;
  std::string url = "http://localhost:8000";
  std::int64_t limit = 0;  // 0: all
  std::int64_t after = 0;
  std::string order = "asc";
  bool json = false;
};

class Printer {
 public:
  Printer(std::ostream& out, ContentId content_id, bool json, bool colour)
      : out_(out), content_id_(std::move(content_id)), json_(json), colour_(colour) {}

  void print(const Comment& comment) {
    if (json_) {
      std::string element = printed_ == 0 ? "[" : ",\n ";
      append_comment(element, content_id_, comment, {View::full, EmailVisibility::raw});
      out_ << element;
    } else {
      print_readable(comment);
    }
    ++printed_;
  }

  void finish() {
    if (json_) {
      out_ << (printed_ == 0 ? "[]\n" : "]\n");
    } else if (printed_ == 0) {
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
  const bool json_;
  const bool colour_;
  std::int64_t printed_ = 0;
};

ExitCode fail(const Error& error, Io& io) {
  io.err << "comments: " << error.message << '\n';
  return exit_code_of(error);
}

ExitCode list(const ListOptions& options, Io& io) {
  auto content_id = ContentId::parse(options.content_id);
  if (!content_id) {
    throw UsageError(content_id.error().message);
  }
  auto url = parse_service_url(options.url);
  if (!url) {
    throw UsageError(url.error().message);
  }
  const auto service = make_http_comments({.url = *url});
  const bool ascending = options.order == "asc";
  ListQuery query{.content_id = *content_id,
                  .order = ascending ? Order::ascending : Order::descending};
  query.after = options.after;
  Printer printer(io.out, *content_id, options.json, wants_colour(io));
  auto left = options.limit == 0 ? std::numeric_limits<std::int64_t>::max() : options.limit;
  while (left > 0 && io.out) {
    query.limit = static_cast<int>(std::min<std::int64_t>(left, kMaxPageLimit));
    if (!ascending && !query.before) {
      query.before = std::numeric_limits<std::int64_t>::max() - 1;  // a window, from its end
    }
    const auto page = service->list(query);
    if (!page) {
      return fail(page.error(), io);
    }
    for (const auto& comment : page->comments) {
      printer.print(comment);
    }
    if (page->comments.size() < static_cast<std::size_t>(query.limit)) {
      break;
    }
    left -= query.limit;
    (ascending ? query.after : query.before) = page->comments.back().id;
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
  app.add_flag("--json", options->json, "An array of {comment,content_id,created_at,email,id}");
  return [options](Io& io) { return list(*options, io); };
}

}  // namespace comments::cli
