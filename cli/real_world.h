// The world as deploy and status find it outside of tests.
#pragma once

#include <memory>

#include "core/ops/world.h"
#include "core/process/interruption.h"

namespace comments::cli {

class RealWorld {
 public:
  RealWorld();
  ~RealWorld();

  // Lives as long as this object.
  ops::World world();
  Interruption& interruption();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace comments::cli
