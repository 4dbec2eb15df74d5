// Every command line of terraform that we use.
#pragma once

#include <string>

#include "core/ops/cloud/command.h"

namespace comments::ops::terraform {

// One environment of the one root module.
struct Root {
  std::string folder;     // the root module's
  std::string backend;    // the file of its partial backend
  std::string variables;  // the .tfvars file
  std::string data = {};  // absolute: where init puts modules and providers; "": into the folder
};

Command version();
Command init(const Root& root);
// Ends with 0: nothing to do; 2: changes, in `file`; 1: an error. Prints events, a line each.
Command plan(const Root& root, const std::string& image, const std::string& file);
// As plan, without a file: what differs between the description and what is there.
Command drift(const Root& root, const std::string& image);
// Exactly the plan of that file. Prints events.
Command apply_plan(const Root& root, const std::string& file);
// Whatever it takes to run that image. Prints events.
Command apply_image(const Root& root, const std::string& image);
// For a person to type: takes the lock of that ID off the state.
Command force_unlock(const Root& root, const std::string& id);

}  // namespace comments::ops::terraform
