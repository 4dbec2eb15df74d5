// A store that hands everything on to another: a test overrides what it wants otherwise.
#pragma once

#include <memory>
#include <utility>

#include "core/store/store.h"

namespace comments::tests {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(std::shared_ptr<Store> inner) : inner_(std::move(inner)) {}

  void post(Draft draft, Posted posted) override {
    inner_->post(std::move(draft), std::move(posted));
  }
  Result<Page> list(const ListQuery& query) override { return inner_->list(query); }
  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    return inner_->count(content_ids);
  }
  void observe(Observer observer) override { inner_->observe(std::move(observer)); }
  std::uint64_t id() const override { return inner_->id(); }
  StoreHealth health() const override { return inner_->health(); }

 protected:
  Store& inner() { return *inner_; }

 private:
  const std::shared_ptr<Store> inner_;
};

}  // namespace comments::tests
