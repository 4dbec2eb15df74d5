// The page at `/`, and the files that it is made of: core/api/page, part of the program.
#pragma once

#include "core/api/call.h"

namespace comments::api {

// GET /. The document names its files below a path that changes with their content, so that a
// browser may keep them for good, and never mixes the files of two releases.
net::Response page_document(const Call& call);

// GET /page/{version}/{file}: the file as it is in this release, whatever release is asked for.
// Under another's version nobody may keep it: while a release rolls out, the document may be ahead.
net::Response page_file(const Call& call);

}  // namespace comments::api
