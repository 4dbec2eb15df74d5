// Requests of our own, where readers send too few for a verdict.
#pragma once

#include <string>

#include "core/ops/deploy/verdict.h"
#include "core/ops/world.h"

namespace comments::ops {

// `count` reads of the thread `_probe-…`, one after the other, measured from here; fewer, where
// they take longer than five minutes in all. nullopt: a person wants to stop.
std::optional<RevisionFigures> probe(const World& world, const std::string& url,
                                     const std::string& thread, int count);

}  // namespace comments::ops
