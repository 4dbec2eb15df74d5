// The program, from its words to its exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/io.h"

namespace comments::cli {

// `words` as typed, without the program's name. Throws nothing.
ExitCode run(const std::vector<std::string>& words, Io& io);

}  // namespace comments::cli
