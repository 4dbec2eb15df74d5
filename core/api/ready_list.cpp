#include "core/api/ready_list.h"

#include <fmt/format.h>

#include "core/api/responses.h"
#include "core/net/response_text.h"
#include "core/wire/bodies.h"
#include "core/wire/etag.h"

namespace comments::api {
namespace {

// What an entry costs beside its text: strings, shared pointers, the cache's own nodes.
constexpr std::size_t kOverhead = 1'024;

std::string etag_of(const ListRequest& request, Version version, const Options& options,
                    bool gzip) {
  return etag_text(version, {request.view, options.emails, gzip});
}

net::Response body_of(const ReadyList& list) {
  return {.status = list.status,
          .content_type = "application/json",
          .shared = list.gzip ? list.gzip->shared() : list.text.shared(),
          .body = list.end};
}

void write_heads(ReadyList& list, const Options& options) {
  net::Response unchanged{.status = 304,
                          .headers = {{"Cache-Control", options.cache_control},
                                      {"ETag", list.etag},
                                      {"Vary", "Accept-Encoding"}}};
  auto response = body_of(list);
  response.headers = unchanged.headers;
  if (list.gzip) {
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  response.headers.emplace_back("X-Total-Count", fmt::format("{}", list.total));
  if (!list.link.empty()) {
    response.headers.emplace_back("Link", list.link);
  }
  add_security_headers(response);
  add_security_headers(unchanged);
  list.head = net::head_text(response);
  list.unchanged_head = net::head_text(unchanged);
}

}  // namespace

std::size_t ReadyList::memory() const {
  return kOverhead + link.size() + etag.size() + head.size() + unchanged_head.size() +
         text.capacity() + (gzip ? gzip->capacity() : 0) + end.size();
}

ReadyList make_list(const ListRequest& request, net::GrowingText text, Version version,
                    const Shown& shown, const Options& options) {
  ReadyList list{.version = version,
                 .total = shown.total,
                 .link = links(request, shown),
                 .etag = etag_of(request, version, options, false),
                 .text = std::move(text),
                 .end = std::string(kListEnd)};
  write_heads(list, options);
  return list;
}

ReadyList make_no_thread(const ContentId& content_id) {
  ReadyList list{.status = 404, .text = net::GrowingText(no_thread_body(content_id))};
  auto response = body_of(list);
  add_security_headers(response);
  list.head = net::head_text(response);
  return list;
}

std::optional<ReadyList> gzipped(const ListRequest& request, const ReadyList& list,
                                 const ReadyList* earlier, const Options& options,
                                 net::Budget& budget) {
  auto gzip = (earlier != nullptr && earlier->gzip ? *earlier->gzip : net::GzipText())
                  .grown_to(list.text.view(), budget);
  if (!gzip) {
    return std::nullopt;
  }
  ReadyList compressed{.version = list.version,
                       .total = list.total,
                       .link = list.link,
                       .etag = etag_of(request, list.version, options, true),
                       .gzip = *std::move(gzip)};
  compressed.end = compressed.gzip->end(list.end);
  write_heads(compressed, options);
  if (!options.cache.keeps(compressed.memory())) {
    compressed.place = list.place;
  }
  return compressed;
}

net::Response answer_with(const SharedList& list, const Asker& asker) {
  net::Response response;
  if (!list->etag.empty() && is_known(asker.if_none_match, list->etag)) {
    response.status = 304;
    response.head = {list, &list->unchanged_head};
  } else {
    response.status = list->status;
    response.head = {list, &list->head};
    response.shared = {list, list->gzip ? list->gzip->shared().bytes : list->text.view()};
    response.body = list->end;
  }
  // A shared cache would replay a cacheable answer's id to everyone: there, only to who sent one.
  if (asker.request_id_was_sent || list->status != 200) {
    response.headers.emplace_back("X-Request-Id", asker.request_id);
  }
  return response;
}

}  // namespace comments::api
