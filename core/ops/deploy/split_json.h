// A split as the lock and the records keep it: [{"percent":95,"revision":"…"},…].
#pragma once

#include "core/ops/cloud/json.h"
#include "core/ops/cloud/split.h"

namespace comments::ops {

inline Json split_json(const Split& split) {
  auto json = Json::array();
  for (const auto& share : split) {
    json.push_back({{"percent", share.percent}, {"revision", share.revision}});
  }
  return json;
}

inline Split parse_split(const Json& json) {
  Split split;
  for (const auto& share : json) {
    split.push_back(
        {text_at(share, "/revision"), static_cast<int>(number_at(share, "/percent", 0))});
  }
  return split;
}

}  // namespace comments::ops
