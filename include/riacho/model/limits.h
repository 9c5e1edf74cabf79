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

  // Counts.
  std::int64_t shards_per_account = 20000;  // open shards of provisioned streams
  std::int64_t streams_in_creating = 5;
  std::int64_t consumers_per_stream = 20;
  std::int64_t consumers_in_creating = 5;  // per stream
  std::int64_t update_shard_count_target = 10000;
  std::int64_t update_shard_count_calls_per_day = 10;       // per stream, rolling 24 hours
  std::int64_t start_stream_encryption_calls_per_day = 25;  // that succeed; the same
  std::int64_t stop_stream_encryption_calls_per_day = 25;   // the same
  std::int64_t tags_per_resource = 50;
  std::int64_t minimum_retention_period_hours = 24;
  std::int64_t maximum_retention_period_hours = 8760;

  // Lives.
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

  // What an account has without asking for more.
  static Limits Service();

  // No throughput limit, no count limit and no call rate. Sizes, lives and rules of form stay.
  static Limits Unlimited();

  friend bool operator==(const Limits&, const Limits&) = default;
};

}  // namespace riacho
