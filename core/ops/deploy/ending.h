// How a rollout is brought to its end, well or not.
#pragma once

#include "core/ops/deploy/release.h"

namespace comments::ops {

// What brings back what was before: values, made of the lock's content alone, so that any machine
// can do it. Each may be done again.
std::vector<Command> undo_commands(const DeploySettings& settings, const Progress& progress);

// Undoes everything, tells the bad revision's last words, keeps the record, frees the lock.
// held: it could not be undone; the lock stays, and --resume tries again.
Ending undo(Release& release, const std::string& why);

// Writes the record. False: it could not be written, and has been told.
bool keep_record(Release& release, const std::string& result, const std::string& reason);

// How to go back to what was before this release: "the way back: …".
std::string way_back(const Release& release);

}  // namespace comments::ops
