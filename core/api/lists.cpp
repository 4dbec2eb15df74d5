#include "core/api/lists.h"

#include "core/api/request_id.h"
#include "core/api/responses.h"
#include "core/wire/seen.h"

namespace comments::api {
namespace {

// Below this, the compressed form saves no packet.
constexpr std::size_t kWorthCompressing = 1'000;

// No exception leaves: passengers wait for an answer.
template <class Make>
Result<SharedList> guarded(const Make& make) {
  try {
    return make();
  } catch (const std::exception& bug) {  // or out of memory
    return Error{ErrorCode::internal,
                 "the server failed to answer; the request_id finds the reason in its log",
                 bug.what()};
  }
}

// The compressed form of `list`, as far as it is worth it; `earlier` is what there was of it.
Result<SharedList> coded(const ListRequest& request, const SharedList& list,
                         const SharedList& earlier, const Options& options, net::Budget& budget) {
  if (list->status != 200 || list->text.view().size() < kWorthCompressing) {
    return list;
  }
  if (earlier && earlier->gzip && earlier->version == list->version) {
    return earlier;
  }
  const bool has_grown = earlier && form_of(request, true).grows() &&
                         earlier->version.store == list->version.store &&
                         earlier->total <= list->total;
  auto small = gzipped(request, *list, has_grown ? earlier.get() : nullptr, options, budget);
  return small ? Result<SharedList>(share(*std::move(small))) : no_room();
}

}  // namespace

Lists::Lists(Store& store, const Options& options, net::Workers& readers, Room& room)
    : options_(options),
      room_(room),
      readers_(readers),
      reader_(store, options, room),
      cache_(options.cache) {}

std::optional<net::Response> Lists::ready(const net::Target& target, const net::Request& request) {
  const auto asked = parse_list_request(target);
  if (!asked) {
    return std::nullopt;
  }
  const bool gzip = net::accepts_gzip(request.header("Accept-Encoding"));
  const auto list = cache_.find(asked->query.content_id.text(), form_of(*asked, gzip),
                                parse_seen(request.header(kSeenHeader)));
  if (!list) {
    return std::nullopt;
  }
  hits_.add();
  Asker asker{.if_none_match = request.header("If-None-Match"),
              .request_id = request.header("X-Request-Id")};
  asker.request_id_was_sent = is_request_id(asker.request_id);
  std::string own_id;
  if (!asker.request_id_was_sent && list->status != 200) {
    asker.request_id = own_id = new_request_id();
  }
  return answer_with(list, asker);
}

void Lists::answer(const Call& call, net::Reply reply) {
  auto request = parse_list_request(call.target);
  if (!request) {
    return reply(error_response(request.error(), call.request_id));
  }
  if (const auto list = cache_.find(request->query.content_id.text(),
                                    form_of(*request, call.accepts_gzip), call.seen)) {
    hits_.add();
    return reply(answer_with(list, call.asker()));
  }
  misses_.add();
  fetch(*request, call.accepts_gzip, call.seen,
        [call, reply = std::move(reply)](const Result<SharedList>& list) {
          reply(list ? answer_with(*list, call.asker())
                     : error_response(list.error(), call.request_id));
        });
}

void Lists::expose(Metrics& metrics) const {
  metrics.counter({"http_server_cache_hits", "Lists that were answered from memory."}, {}, hits_);
  metrics.counter({"http_server_cache_misses", "Lists that had to be made."}, {}, misses_);
  metrics.gauge({"http_server_cache_bytes", "Memory of the lists that are kept.", "bytes"}, {},
                [this] { return static_cast<double>(cache_.bytes()); });
  metrics.gauge({"http_server_cache_max_bytes", "What the kept lists may hold.", "bytes"}, {},
                [this] { return static_cast<double>(options_.cache.max_bytes); });
}

void Lists::on_commit(const Committed& committed) {
  cache_.on_commit(committed.content_id.text(), committed.version);
}

void Lists::fetch(const ListRequest& request, bool gzip, std::int64_t seen,
                  ListCache::Passenger passenger) {
  fly(request, gzip,
      cache_.board(request.query.content_id.text(), form_of(request, gzip), std::move(passenger),
                   seen));
}

// Where the caller has become a pilot.
void Lists::fly(const ListRequest& request, bool gzip,
                const std::shared_ptr<ListCache::Flight>& flight) {
  if (!flight) {
    return;
  }
  const Landing land = [this, request, gzip, flight](const Result<SharedList>& list) {
    fly(request, gzip, cache_.land(flight, list));
  };
  net::Workers::Task task = [this, request, gzip, flight, land] {
    make(request, gzip, *flight, land);
  };
  if (!readers_.run(task)) {
    land(Error{ErrorCode::overloaded, "too many reads are waiting; retry shortly", {}});
  }
}

// On a reader's thread. The compressed form is made of the plain one, wherever that comes from.
void Lists::make(const ListRequest& request, bool gzip, const ListCache::Flight& flight,
                 const Landing& land) {
  const auto earlier = ListCache::earlier(flight);
  if (!gzip) {
    return land(guarded([&] { return reader_.read(request, earlier); }));
  }
  fetch(request, false, ListCache::seen(flight),
        [this, request, earlier, land](const Result<SharedList>& list) {
          land(list ? guarded([&] { return coded(request, *list, earlier, options_, room_.bytes); })
                    : list);
        });
}

}  // namespace comments::api
