#include "riacho/model/limits.h"

namespace riacho {

Limits Limits::Service() { return {}; }

Limits Limits::Unlimited() {
  Limits limits;
  limits.shard_write_bytes_per_second = kUnlimited;
  limits.shard_write_records_per_second = kUnlimited;
  limits.shard_read_bytes_per_second = kUnlimited;
  limits.shard_get_records_calls_per_second = kUnlimited;
  limits.shard_get_shard_iterator_calls_per_second = kUnlimited;
  limits.subscription_bytes_per_second = kUnlimited;
  limits.subscribe_to_shard_calls_per_second = kUnlimited;
  limits.shards_per_account = kUnlimited;
  limits.on_demand_streams_per_account = kUnlimited;
  limits.channels_per_account = kUnlimited;
  limits.streams_in_creating = kUnlimited;
  limits.consumers_per_stream = kUnlimited;
  limits.consumers_per_stream_with_advantage = kUnlimited;
  limits.consumers_in_creating = kUnlimited;
  limits.update_shard_count_target = kUnlimited;
  limits.update_shard_count_calls_per_day = kUnlimited;
  limits.update_stream_mode_switches_per_day = kUnlimited;
  limits.shards_per_on_demand_stream = kUnlimited;
  limits.on_demand_split_bytes_per_second = kUnlimited;
  limits.on_demand_split_records_per_second = kUnlimited;
  limits.start_stream_encryption_calls_per_day = kUnlimited;
  limits.stop_stream_encryption_calls_per_day = kUnlimited;
  limits.tags_per_resource = kUnlimited;
  limits.full_page_pause = absl::ZeroDuration();
  return limits;
}

}  // namespace riacho
