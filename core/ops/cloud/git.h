// Which commit the working tree has.
#pragma once

#include "core/ops/cloud/command.h"

namespace comments::ops::git {

Command head();
Command changes();  // prints nothing for a clean tree

}  // namespace comments::ops::git
