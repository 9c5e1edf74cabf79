// Where in a shard reading begins: the rules that GetShardIterator and SubscribeToShard share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "engine/account.h"
#include "riacho/client/record_requests.h"
#include "stream/live_shard.h"
#include "stream/stream.h"

namespace riacho::internal {

// The index in the shard's log of the first record to return.
// Errors: kInvalidArgument, with the service's texts (a number or time that is missing,
// superfluous, malformed, of another shard or stream, or in the future).
absl::StatusOr<std::uint64_t> ResolvePosition(const Account& account, const Stream& stream,
                                              LiveShard& shard, ShardIteratorType type,
                                              const std::optional<std::string>& sequence_number,
                                              const std::optional<absl::Time>& timestamp,
                                              std::int64_t now_nanos);

// The shard that `text` names in `stream`, which is null when there is none of that name: the
// service says then, too, that the shard does not exist.
// Errors: kResourceNotFound.
absl::StatusOr<std::shared_ptr<LiveShard>> FindNamedShard(const Account& account,
                                                          const Stream* stream,
                                                          std::string_view stream_name,
                                                          std::string_view text);

}  // namespace riacho::internal
