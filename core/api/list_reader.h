// Reading a list from the store.
#pragma once

#include "core/api/ready_list.h"
#include "core/api/room.h"
#include "core/store/store.h"

namespace comments::api {

// Safe for concurrent use. Waits for the store; what the constructor takes must outlive it.
class ListReader {
 public:
  ListReader(Store& store, const Options& options, Room& room)
      : store_(store), options_(options), room_(room) {}

  // `earlier`: a state of the same list, which is the answer where the thread is still the same,
  // and its beginning where the list has only grown since (ListForm::grows). May be null.
  // overloaded: there is no room for it now.
  Result<SharedList> read(const ListRequest& request, const SharedList& earlier);

 private:
  Store& store_;
  const Options& options_;
  Room& room_;
};

}  // namespace comments::api
