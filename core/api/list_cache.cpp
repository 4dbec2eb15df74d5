#include "core/api/list_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/telemetry/log.h"

namespace comments::api {

struct ListCache::Flight {
  std::string content_id;
  ListForm form;
  Version since;  // the thread's version when it began
  std::chrono::steady_clock::time_point began;
  SharedList earlier = {};
  std::vector<Ticket> tickets = {};
  std::int64_t seen = 0;  // by those aboard when it began
};

namespace {

// Versions of two stores have no order: the one that came last counts.
bool is_newer(const SharedList& left, const SharedList& right) {
  return left && left->version.store == right->version.store &&
         left->version.number > right->version.number;
}

// Whether there may well be a list, only that nobody could read it now.
bool is_passing(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::overloaded;
}

// The thread has been seen at `seen`. Of another store, only the first word counts.
void advance(Version& version, const Version& seen) {
  if (version.number == 0 || version.store == seen.store) {
    version = {seen.store, std::max(version.number, seen.number)};
  }
}

}  // namespace

SharedList ListCache::find(const std::string& content_id, const ListForm& form, std::int64_t seen) {
  const std::lock_guard lock(mutex_);
  return find_locked(content_id, form, seen);
}

SharedList ListCache::find_locked(const std::string& content_id, const ListForm& form,
                                  std::int64_t seen) {
  const auto thread = threads_.find(content_id);
  if (thread == threads_.end()) {
    return nullptr;
  }
  const auto slot = thread->second.slots.find(form);
  if (slot == thread->second.slots.end() || !shows_last_commit(slot->second) ||
      slot->second.list->total < seen || now_() - slot->second.read_at >= kMaxAge) {
    return nullptr;
  }
  recent_.splice(recent_.begin(), recent_, slot->second.place);
  return slot->second.list;
}

bool ListCache::shows_last_commit(const Slot& slot) {
  return slot.list && slot.list->version.number >= slot.thread->second.version.number;
}

std::shared_ptr<ListCache::Flight> ListCache::board(const std::string& content_id,
                                                    const ListForm& form, Passenger passenger,
                                                    std::int64_t seen) {
  std::unique_lock lock(mutex_);
  if (auto list = find_locked(content_id, form, seen)) {
    lock.unlock();
    passenger(list);
    return nullptr;
  }
  auto& slot = slot_of(content_id, form);
  if (slot.flight && slot.flight->since == slot.thread->second.version) {
    slot.flight->tickets.push_back({std::move(passenger), seen, true});
    return nullptr;
  }
  return begin_flight(slot, {{std::move(passenger), seen}});
}

ListCache::Slot& ListCache::slot_of(const std::string& content_id, const ListForm& form) {
  auto& entry = *threads_.try_emplace(content_id).first;
  return entry.second.slots.try_emplace(form, Slot{.thread = &entry, .form = form}).first->second;
}

std::shared_ptr<ListCache::Flight> ListCache::begin_flight(Slot& slot,
                                                           std::vector<Ticket> tickets) {
  auto& [content_id, thread] = *slot.thread;
  slot.flight = std::make_shared<Flight>(Flight{.content_id = content_id,
                                                .form = slot.form,
                                                .since = thread.version,
                                                .began = now_(),
                                                .earlier = slot.list,
                                                .tickets = std::move(tickets)});
  for (auto& ticket : slot.flight->tickets) {
    ticket.late = false;
    slot.flight->seen = std::max(slot.flight->seen, ticket.seen);
  }
  ++thread.flights;
  return slot.flight;
}

SharedList ListCache::earlier(const Flight& flight) {
  return flight.earlier;
}

std::int64_t ListCache::seen(const Flight& flight) {
  return flight.seen;
}

std::shared_ptr<ListCache::Flight> ListCache::land(const std::shared_ptr<Flight>& flight,
                                                   const Result<SharedList>& list) {
  std::vector<Ticket> tickets;
  SharedList stand_in;
  std::shared_ptr<Flight> next;
  {
    const std::lock_guard lock(mutex_);
    tickets = std::exchange(flight->tickets, {});
    auto& slot = slot_of(flight->content_id, flight->form);
    auto& thread = slot.thread->second;  // it stays while flights are in the air
    --thread.flights;
    if (slot.flight == flight) {
      slot.flight.reset();
    }
    if (list) {
      advance(thread.version, (*list)->version);
    } else if (is_passing(list.error()) && shows_last_commit(slot)) {
      stand_in = slot.list;
    }
    if (list && !is_newer(slot.list, *list)) {
      keep(slot, *list, flight->began);
    } else {
      tidy(slot);
    }
    const auto again = std::stable_partition(tickets.begin(), tickets.end(), [&](const auto& one) {
      return !list || !one.late || one.seen <= (*list)->total;
    });
    if (again != tickets.end()) {
      next = begin_flight(slot_of(flight->content_id, flight->form),
                          {std::move_iterator(again), std::move_iterator(tickets.end())});
      tickets.erase(again, tickets.end());
    }
  }
  if (stand_in) {
    log(Severity::warning, "the store cannot be read: a list is answered from memory",
        {{"detail", list.error().detail}});
  }
  for (const auto& [passenger, seen, late] : tickets) {
    passenger(stand_in && seen <= stand_in->total ? Result<SharedList>(stand_in) : list);
  }
  return next;
}

void ListCache::on_commit(const std::string& content_id, const Version& version) {
  const std::lock_guard lock(mutex_);
  if (const auto thread = threads_.find(content_id); thread != threads_.end()) {
    advance(thread->second.version, version);
  }
}

std::size_t ListCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void ListCache::keep(Slot& slot, SharedList list, std::chrono::steady_clock::time_point read_at) {
  drop(slot);
  const auto size = list->memory();
  if (!limits_.keeps(size)) {
    tidy(slot);
    return;
  }
  recent_.push_front(&slot);
  slot.place = recent_.begin();
  slot.list = std::move(list);
  slot.read_at = read_at;
  bytes_ += size;
  while (bytes_ > limits_.max_bytes) {
    auto& oldest = *recent_.back();
    drop(oldest);
    tidy(oldest);
  }
}

void ListCache::drop(Slot& slot) {
  if (slot.list) {
    bytes_ -= slot.list->memory();
    recent_.erase(slot.place);
    slot.list.reset();
  }
}

// Forgets what has neither a list nor anybody who waits for one.
void ListCache::tidy(Slot& slot) {
  auto& entry = *slot.thread;
  if (!slot.list && !slot.flight) {
    entry.second.slots.erase(ListForm(slot.form));
  }
  if (entry.second.slots.empty() && entry.second.flights == 0) {
    threads_.erase(std::string(entry.first));
  }
}

}  // namespace comments::api
