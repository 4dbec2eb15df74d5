// Rolling a commit out, and everything that may come of it.
#pragma once

#include "core/ops/deploy/release.h"

namespace comments::ops {

// Runs the recipe of `request`. Whatever happens, what it leaves is one of: the commit serves; what
// served before serves, the lock free; or the lock says how far it is, and --resume goes on. The
// one who loses the lock stops without touching anything more.
Ending deploy(const DeploySettings& settings, const DeployRequest& request, World world,
              Teller& teller);

}  // namespace comments::ops
