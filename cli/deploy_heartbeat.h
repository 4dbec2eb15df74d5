// A rollout that is never silent, until it has ended.
#pragma once

#include <chrono>
#include <memory>

#include "core/ops/deploy/event.h"

namespace comments::cli {

// Tells everything on to `teller`. While a step is at work and nothing has been told for `silence`,
// it tells a `waiting` of what was told last. Nothing comes after `ended`. Safe for concurrent use;
// `teller` need not be.
std::unique_ptr<ops::Teller> make_deploy_heartbeat(std::unique_ptr<ops::Teller> teller,
                                                   std::chrono::milliseconds silence);

}  // namespace comments::cli
