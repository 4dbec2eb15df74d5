// What an SQLSTATE means for whoever goes on after it (PostgreSQL manual, appendix A). Pure.
#pragma once

#include <string_view>

namespace comments::postgres {

// Another server, or the same one a little later, may do better, and nobody knows what became of a
// COMMIT that was under way.
bool is_loss(std::string_view state);

// Nothing happened: the whole transaction may be tried again.
bool is_conflict(std::string_view state);

// A pooler gave us a server that does not know our prepared statements, or knows them already.
bool is_about_preparing(std::string_view state);

}  // namespace comments::postgres
