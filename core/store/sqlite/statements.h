// The statements that whoever adds comments to a SQLite store has in common.
#pragma once

#include <string_view>

namespace comments::sqlite {

inline constexpr std::string_view kFindHead =
    "SELECT last_seq, count, version FROM contents WHERE content_id = ?1";

// content_id, last_seq, count, version
inline constexpr std::string_view kPutHead =
    "INSERT INTO contents (content_id, last_seq, count, version) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (content_id) DO UPDATE SET last_seq = excluded.last_seq,"
    "   count = excluded.count, version = excluded.version";

// content_id, key, seq, stored_at
inline constexpr std::string_view kPutKey =
    "INSERT INTO idempotency_keys (content_id, key, seq, stored_at) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (content_id, key) DO UPDATE SET seq = excluded.seq,"
    "   stored_at = excluded.stored_at";

// content_id, seq, email, comment, created_at
inline constexpr std::string_view kAddComment =
    "INSERT INTO comments (content_id, seq, email, comment, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";

}  // namespace comments::sqlite
