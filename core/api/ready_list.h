// A list's answer, made once and sent to everyone who asks the same.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/call.h"
#include "core/api/list_request.h"
#include "core/net/budget.h"
#include "core/net/growing_text.h"
#include "core/net/gzip.h"

namespace comments::api {

// Immutable once made; shared by the cache and by every answer that is on its way.
struct ReadyList {
  int status = 200;
  Version version;         // of the thread
  std::int64_t total = 0;  // comments in the thread
  std::string link;        // see links()
  std::string etag;
  std::string head;            // see net::Response::head
  std::string unchanged_head;  // the same, for a 304

  // The body is the text, or its compressed form where there is one, then the end.
  net::GrowingText text;
  std::optional<net::GzipText> gzip = {};
  std::string end;

  // Of a big list that the cache does not keep: its place among the few (Room::big_lists).
  std::shared_ptr<const net::Budget::Part> place = {};

  // The memory that it holds.
  std::size_t memory() const;
};

using SharedList = std::shared_ptr<const ReadyList>;

inline SharedList share(ReadyList list) {
  return std::make_shared<const ReadyList>(std::move(list));
}

// The array that `text` begins and the end of a list ends. `shown` tells the total and, where it is
// not the whole list, the neighbours.
ReadyList make_list(const ListRequest& request, net::GrowingText text, Version version,
                    const Shown& shown, const Options& options);

// A thread without comments.
ReadyList make_no_thread(const ContentId& content_id);

// The compressed form of the same list; `earlier`, if any, is that of an earlier state of a list
// that has only grown since. nullopt where the budget has no room for it.
std::optional<ReadyList> gzipped(const ListRequest& request, const ReadyList& list,
                                 const ReadyList* earlier, const Options& options,
                                 net::Budget& budget);

// The answer to one who asks: the list, or a 304 to who has it.
net::Response answer_with(const SharedList& list, const Asker& asker);

}  // namespace comments::api
