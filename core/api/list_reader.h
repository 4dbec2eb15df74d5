// Reading a list from the store.
#pragma once

#include <atomic>

#include "core/api/ready_list.h"
#include "core/store/store.h"

namespace comments::api {

// A list longer than this is built outside the usual bounds of memory and time: only
// kMaxLongLists of them at once, overloaded beyond.
inline constexpr std::int64_t kLongList = 20'000;
inline constexpr int kMaxLongLists = 2;

// Safe for concurrent use. Waits for the store, which must outlive it.
class ListReader {
 public:
  ListReader(Store& store, const Options& options) : store_(store), options_(options) {}

  // `earlier`: a state of the same list, which is the answer where the thread is still the same,
  // and its beginning where the list has only grown since (ListForm::grows). May be null.
  Result<SharedList> read(const ListRequest& request, const SharedList& earlier);

 private:
  Store& store_;
  const Options& options_;
  std::atomic<int> long_lists_ = 0;
};

}  // namespace comments::api
