#include "core/api/list_cache.h"

#include <algorithm>
#include <utility>

#include "core/telemetry/log.h"

namespace comments::api {

struct ListCache::Flight {
  std::string content_id;
  ListForm form;
  Version since;  // the thread's version when it began
  std::chrono::steady_clock::time_point began;
  SharedList earlier = {};
  std::vector<Passenger> passengers = {};
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

SharedList ListCache::find(const std::string& content_id, const ListForm& form) {
  const std::lock_guard lock(mutex_);
  return find_locked(content_id, form);
}

SharedList ListCache::find_locked(const std::string& content_id, const ListForm& form) {
  const auto thread = threads_.find(content_id);
  if (thread == threads_.end()) {
    return nullptr;
  }
  const auto slot = thread->second.slots.find(form);
  if (slot == thread->second.slots.end() || !shows_last_commit(slot->second) ||
      now_() - slot->second.read_at >= kMaxAge) {
    return nullptr;
  }
  recent_.splice(recent_.begin(), recent_, slot->second.place);
  return slot->second.list;
}

bool ListCache::shows_last_commit(const Slot& slot) {
  return slot.list && slot.list->version.number >= slot.thread->second.version.number;
}

std::shared_ptr<ListCache::Flight> ListCache::board(const std::string& content_id,
                                                    const ListForm& form, Passenger passenger) {
  std::unique_lock lock(mutex_);
  if (auto list = find_locked(content_id, form)) {
    lock.unlock();
    passenger(list);
    return nullptr;
  }
  auto& entry = *threads_.try_emplace(content_id).first;
  auto& thread = entry.second;
  auto& slot = thread.slots.try_emplace(form, Slot{.thread = &entry, .form = form}).first->second;
  if (slot.flight && slot.flight->since == thread.version) {
    slot.flight->passengers.push_back(std::move(passenger));
    return nullptr;
  }
  slot.flight = std::make_shared<Flight>(Flight{.content_id = content_id,
                                                .form = form,
                                                .since = thread.version,
                                                .began = now_(),
                                                .earlier = slot.list});
  slot.flight->passengers.push_back(std::move(passenger));
  ++thread.flights;
  return slot.flight;
}

SharedList ListCache::earlier(const Flight& flight) {
  return flight.earlier;
}

void ListCache::land(const std::shared_ptr<Flight>& flight, const Result<SharedList>& list) {
  std::vector<Passenger> passengers;
  auto answer = list;
  {
    const std::lock_guard lock(mutex_);
    passengers = std::exchange(flight->passengers, {});
    auto& entry = *threads_.find(flight->content_id);  // it stays while flights are in the air
    --entry.second.flights;
    if (list) {
      advance(entry.second.version, (*list)->version);
    }
    auto& slot =
        entry.second.slots.try_emplace(flight->form, Slot{.thread = &entry, .form = flight->form})
            .first->second;
    if (slot.flight == flight) {
      slot.flight.reset();
    }
    if (!list && is_passing(list.error()) && shows_last_commit(slot)) {
      answer = slot.list;
    }
    if (list && !is_newer(slot.list, *list)) {
      keep(slot, *list, flight->began);
    } else {
      tidy(slot);
    }
  }
  if (!list && answer) {
    log(Severity::warning, "the store cannot be read: a list is answered from memory",
        {{"detail", list.error().detail}});
  }
  for (const auto& passenger : passengers) {
    passenger(answer);
  }
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
