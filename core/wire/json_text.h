// Writing JSON by hand, for the bodies that must be fast or exact to the byte. The form is that of
// Python's json.dumps: ASCII only, everything else as \uXXXX (surrogate pairs above U+FFFF).
#pragma once

#include <string>
#include <string_view>

namespace comments {

// Appends `text`, valid UTF-8, as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace comments
