// Every quota of the service, by name.
//
//   EngineOptions options = {.limits = Limits::Service()};       // the default
//   options.limits.shard_write_records_per_second = 10;          // a shard that throttles early
//   EngineOptions bench = {.limits = Limits::Unlimited()};
//
// A rate or count of kUnlimited is not enforced, and costs nothing.
#pragma once

#include <cstdint>
#include <limits>

#include "absl/time/time.h"

namespace riacho {

// Source: Kinesis Data Streams Developer Guide, "Quotas and limits", and the API Reference page of
// each operation, as of September 2026. A rate is also the size of the burst: a bucket holds one
// second's worth.
struct Limits {
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kMiB = std::int64_t{1024} * 1024;

  // Throughput of one shard.
  std::int64_t shard_write_bytes_per_second = kMiB;  // data and partition keys
  std::int64_t shard_write_records_per_second = 1000;
  std::int64_t shard_read_bytes_per_second = 2 * kMiB;  // over all callers of GetRecords
  std::int64_t shard_get_records_calls_per_second = 5;
  std::int64_t shard_get_shard_iterator_calls_per_second = 5;
  std::int64_t subscription_bytes_per_second = 2 * kMiB;  // per consumer and shard, of its own
  std::int64_t subscribe_to_shard_calls_per_second = 1;   // per consumer and shard

  // Sizes of requests and answers.
  std::int64_t put_records_request_bytes = 10 * kMiB;  // data and partition keys of all entries
  std::int64_t get_records_response_bytes = 10 * kMiB;
  std::int64_t get_records_response_records = 10000;
  std::int64_t subscription_event_bytes = 2 * kMiB;  // at least one record, whatever its size
  std::int64_t subscription_event_records = 10000;
  std::int64_t describe_stream_page_shards = 100;
  std::int64_t list_streams_page_streams = 100;
  std::int64_t list_shards_page_shards = 1000;
  std::int64_t list_stream_consumers_page_consumers = 100;
  std::int64_t resource_policy_bytes = 20 * 1024;  // without white space

  // Counts.
  std::int64_t shards_per_account = 20000;  // open shards of provisioned streams
  std::int64_t on_demand_streams_per_account = 50;
  std::int64_t channels_per_account = 100;
  std::int64_t streams_in_creating = 5;
  std::int64_t consumers_per_stream = 20;
  // The same for an on-demand stream while the account has a minimum throughput billing commitment.
  std::int64_t consumers_per_stream_with_advantage = 50;
  std::int64_t consumers_in_creating = 5;  // per stream
  std::int64_t update_shard_count_target = 10000;
  std::int64_t update_shard_count_calls_per_day = 10;       // per stream, rolling 24 hours
  std::int64_t update_stream_mode_switches_per_day = 2;     // per stream name, rolling 24 hours
  std::int64_t start_stream_encryption_calls_per_day = 25;  // that succeed; per stream
  std::int64_t stop_stream_encryption_calls_per_day = 25;   // the same
  std::int64_t warm_throughput_mibps = 10240;               // of one stream
  std::int64_t tags_per_resource = 50;
  std::int64_t minimum_retention_period_hours = 24;
  std::int64_t maximum_retention_period_hours = 8760;

  // Scaling of ON_DEMAND streams. A shard that took more than one of the rates in some window is
  // split, at the latest when it took half of what it can; kUnlimited: it never is.
  std::int64_t on_demand_initial_shards = 4;
  std::int64_t shards_per_on_demand_stream = 10240;  // 10 GiB/s, as in us-east-1; elsewhere 200
  std::int64_t on_demand_split_bytes_per_second = std::int64_t{500} * 1024;
  std::int64_t on_demand_split_records_per_second = 500;
  absl::Duration on_demand_window = absl::Minutes(1);     // over which rates are measured
  absl::Duration on_demand_reaction = absl::Minutes(15);  // until the children take over
  absl::Duration on_demand_peak_memory =
      absl::Hours(24 * 30);  // capacity for twice the peak of this time; then shards are merged

  // Lives.
  absl::Duration minimum_commitment = absl::Hours(24);  // to a minimum throughput
  absl::Duration shard_iterator_life = absl::Seconds(300);
  absl::Duration next_token_life = absl::Seconds(300);
  absl::Duration subscription_life = absl::Minutes(5);
  absl::Duration subscription_takeover =
      absl::Seconds(5);  // a newer subscription may take the shard over after this
  absl::Duration subscription_idle_event = absl::Seconds(5);
  absl::Duration data_key_life = absl::Minutes(5);  // of an encrypted stream, per caller
  absl::Duration full_page_pause =
      absl::Seconds(5);  // of GetRecords on a shard, after a page of full size

  // Calls per second of an operation, over the account and region. Not enforced unless
  // `enforce_call_rates` is set.
  bool enforce_call_rates = false;
  std::int64_t create_stream_calls_per_second = 5;
  std::int64_t delete_stream_calls_per_second = 5;
  std::int64_t describe_stream_calls_per_second = 10;
  std::int64_t describe_stream_summary_calls_per_second = 20;
  std::int64_t list_streams_calls_per_second = 5;
  std::int64_t update_stream_warm_throughput_calls_per_second = 5;
  std::int64_t add_tags_to_stream_calls_per_second = 5;
  std::int64_t put_resource_policy_calls_per_second = 5;
  std::int64_t get_resource_policy_calls_per_second = 5;
  std::int64_t delete_resource_policy_calls_per_second = 5;
  std::int64_t describe_limits_calls_per_second = 1;
  std::int64_t describe_account_settings_calls_per_second = 5;
  std::int64_t update_account_settings_calls_per_second = 5;
  std::int64_t create_channel_calls_per_second = 5;
  std::int64_t describe_channel_calls_per_second = 5;
  std::int64_t list_channels_calls_per_second = 5;
  std::int64_t update_channel_calls_per_second = 5;
  std::int64_t delete_channel_calls_per_second = 5;

  // Calls per second of an operation, per stream. Not enforced unless `enforce_call_rates` is set.
  std::int64_t list_shards_calls_per_second = 1000;
  std::int64_t split_shard_calls_per_second = 5;
  std::int64_t merge_shards_calls_per_second = 5;
  std::int64_t update_shard_count_calls_per_second = 10;
  std::int64_t increase_stream_retention_period_calls_per_second = 5;
  std::int64_t decrease_stream_retention_period_calls_per_second = 5;
  std::int64_t register_stream_consumer_calls_per_second = 5;
  std::int64_t deregister_stream_consumer_calls_per_second = 5;
  std::int64_t describe_stream_consumer_calls_per_second = 20;
  std::int64_t list_stream_consumers_calls_per_second = 5;
  std::int64_t remove_tags_from_stream_calls_per_second = 5;
  std::int64_t list_tags_for_stream_calls_per_second = 5;
  std::int64_t enable_enhanced_monitoring_calls_per_second = 5;
  std::int64_t disable_enhanced_monitoring_calls_per_second = 5;

  // What an account has without asking for more.
  static Limits Service();

  // No throughput limit, no count limit and no call rate. Sizes, lives and rules of form stay.
  static Limits Unlimited();

  friend bool operator==(const Limits&, const Limits&) = default;
};

}  // namespace riacho
