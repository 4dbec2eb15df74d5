// Which commit the working tree has.
#pragma once

#include "core/ops/cloud/command.h"

namespace comments::ops::git {

Command head();
Command time(const std::string& commit);  // when it was made, in seconds since 1970
Command changes();                        // prints nothing for a clean tree

}  // namespace comments::ops::git
