#include "core/ops/deploy/script.h"

namespace comments::ops {

Script::Script(const DeploySettings& the_settings, const DeployRequest& the_request)
    : settings(the_settings),
      request(the_request),
      commit(request.commit.empty() ? "COMMIT" : request.commit),
      image(settings.image + "@DIGEST") {}

void Script::note(const std::string& line) {
  text_ += "# " + line + "\n";
}

// Only what changes the cloud, or asks it, is a line of its own.
void Script::command(const Command& command) {
  const bool is_local = command.words.front() == "git";
  text_ += (is_local ? "#   " : "") + shell_quoted(command) + "\n";
}

void Script::write_lock(const std::string& over) {
  note("with who holds it, until when, and how far it is, on standard input:");
  command(gcloud::write(lock_object(settings), over, ""));
}

void Script::move_traffic(const Split& split, const gcloud::TagChange& tags) {
  command(gcloud::move_traffic(settings.place, settings.service, split, tags));
}

}  // namespace comments::ops
