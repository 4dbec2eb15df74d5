// The seed's contract, asked of one address: what a release must do before readers see it.
#pragma once

#include <string>

#include "core/ops/deploy/release.h"

namespace comments::ops {

// "": it holds; else what was not as it should be. Adds one comment to the thread _probe-COMMIT,
// and none when it is asked again.
std::string broken_contract(Release& release, const std::string& url);

// "": a ready service of our commit answers there; else what else does.
std::string not_ours(Release& release, const std::string& url);

}  // namespace comments::ops
