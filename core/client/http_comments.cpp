#include "core/client/http_comments.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <mutex>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>

#include "core/client/retry.h"
#include "core/client/seen_ids.h"
#include "core/wire/answers.h"
#include "core/wire/bodies.h"
#include "core/wire/etag.h"
#include "core/wire/paths.h"
#include "core/wire/seen.h"

namespace comments {
namespace {

std::string random_key() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

std::string query_of(const ListQuery& query) {
  auto text = fmt::format("?view=full&limit={}", query.limit);
  if (query.after) {
    text += fmt::format("&after={}", *query.after);
  }
  if (query.before) {
    text += fmt::format("&before={}", *query.before);
  }
  if (query.order == Order::descending) {
    text += "&order=desc";
  }
  return text;
}

// We know the version, not how the service shows e-mails: name the tag of each way.
httplib::Headers conditional_on(const std::optional<Version>& known) {
  if (!known) {
    return {};
  }
  std::string tags;
  for (const auto emails :
       {EmailVisibility::raw, EmailVisibility::masked, EmailVisibility::hidden}) {
    tags += (tags.empty() ? "" : ", ") + etag_text(*known, {View::full, emails});
  }
  return {{"If-None-Match", tags}};
}

std::int64_t number_in(const httplib::Response& response, const char* header) {
  const auto text = response.get_header_value(header);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class HttpComments final : public Comments {
 public:
  explicit HttpComments(HttpCommentsOptions options) : options_(std::move(options)) {}

  void post(Draft draft, Posted posted) override { posted(send(draft)); }

  Result<Page> list(const ListQuery& query) override {
    const auto target = options_.url.prefix + list_path(query.content_id) + query_of(query);
    auto headers = conditional_on(query.known);
    if (const auto seen = seen_.of(query.content_id); seen > 0) {
      headers.emplace(kSeenHeader, std::to_string(seen));
    }
    const auto response =
        try_to([&](httplib::Client& client) { return client.Get(target, headers); });
    if (!response) {
      return response.error();
    }
    if (response->status == 404 && is_no_thread(query.content_id, response->body)) {
      return Page{};
    }
    const auto version = parse_etag(response->get_header_value("ETag")).value_or(Version{});
    if (response->status == 304) {
      return Page{.version = version, .unchanged = true};
    }
    if (response->status != 200) {
      return parse_error(response->status, response->body);
    }
    auto comments = parse_list(response->body);
    if (!comments) {
      return comments.error();
    }
    Page page{.version = version,
              .total = number_in(*response, "X-Total-Count"),
              .comments = *std::move(comments)};
    seen_.note(query.content_id, page.total);
    return page;
  }

  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    const auto target = options_.url.prefix + count_path(content_ids);
    const auto response = try_to([&](httplib::Client& client) { return client.Get(target); });
    if (!response) {
      return response.error();
    }
    if (response->status != 200) {
      return parse_error(response->status, response->body);
    }
    return parse_counts(response->body, content_ids);
  }

 private:
  Result<Receipt> send(const Draft& draft) {
    const auto target = options_.url.prefix + std::string(kNewCommentPath);
    const httplib::Headers headers{{"Idempotency-Key", draft.idempotency_key().empty()
                                                           ? random_key()
                                                           : draft.idempotency_key()}};
    const auto body = draft_body(draft);
    const auto response = try_to([&](httplib::Client& client) {
      return client.Post(target, headers, body, "application/json");
    });
    if (!response) {
      return response.error();
    }
    if (response->status != 200) {
      return parse_error(response->status, response->body);
    }
    const auto location = response->get_header_value("Location");
    const auto* end = location.data() + location.size();
    Receipt receipt;
    std::from_chars(location.data() + location.rfind('/') + 1, end, receipt.id);
    if (receipt.id < 1 || response->body != created_body(draft.content_id())) {
      return parse_error(502, "");
    }
    receipt.version = parse_etag(response->get_header_value("ETag")).value_or(Version{});
    seen_.note(draft.content_id(), receipt.id);
    return receipt;
  }

  // An answer of the service, whatever its status; an Error where none was to be had.
  Result<httplib::Response> try_to(const std::function<httplib::Result(httplib::Client&)>& call) {
    for (int attempt = 1;; ++attempt) {
      auto client = take_client();
      auto result = call(*client);
      const bool again = !result || asks_to_come_back(result->status);
      if (again && attempt < options_.attempts) {
        std::this_thread::sleep_for(pause_after(attempt, result));
        continue;
      }
      if (!result) {
        return Error{
            ErrorCode::unavailable,
            fmt::format("cannot reach {}{}: {}; is the service running? (--url, COMMENTS_URL)",
                        options_.url.origin, options_.url.prefix,
                        httplib::to_string(result.error())),
            {}};
      }
      put_back(std::move(client));
      return std::move(*result);
    }
  }

  // Retry-After where the service names it, else doubling; never longer than longest_pause, and
  // spread so that many clients do not come back in one moment.
  std::chrono::milliseconds pause_after(int attempt, const httplib::Result& result) const {
    auto pause = options_.first_pause * (1 << (attempt - 1));
    if (result && result->has_header("Retry-After")) {
      pause = std::chrono::seconds(number_in(*result, "Retry-After"));
    }
    return spread(std::clamp(pause, options_.first_pause, options_.longest_pause));
  }

  std::unique_ptr<httplib::Client> take_client() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto client = std::move(idle_.back());
        idle_.pop_back();
        return client;
      }
    }
    auto client = std::make_unique<httplib::Client>(options_.url.origin);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    client->set_follow_location(false);
    if (!options_.traceparent.empty()) {
      client->set_default_headers({{"traceparent", options_.traceparent}});
    }
    client->set_connection_timeout(options_.connect_timeout);
    client->set_read_timeout(options_.io_timeout);
    client->set_write_timeout(options_.io_timeout);
    return client;
  }

  void put_back(std::unique_ptr<httplib::Client> client) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(client));
  }

  const HttpCommentsOptions options_;
  SeenIds seen_;
  std::mutex mutex_;  // guards idle_
  std::vector<std::unique_ptr<httplib::Client>> idle_;
};

}  // namespace

std::unique_ptr<Comments> make_http_comments(HttpCommentsOptions options) {
  return std::make_unique<HttpComments>(std::move(options));
}
}  // namespace comments
