#include "model_based/world.h"

#include "absl/time/time.h"

namespace riacho::model_based {
namespace {

// Those whose calls are frequent, so that each is met.
void ChooseCallRates(Limits& limits, Dice& dice) {
  for (std::int64_t* const rate :
       {&limits.create_stream_calls_per_second, &limits.describe_stream_calls_per_second,
        &limits.update_stream_warm_throughput_calls_per_second,
        &limits.add_tags_to_stream_calls_per_second, &limits.put_resource_policy_calls_per_second,
        &limits.get_resource_policy_calls_per_second, &limits.create_channel_calls_per_second,
        &limits.update_account_settings_calls_per_second, &limits.list_shards_calls_per_second,
        &limits.split_shard_calls_per_second, &limits.remove_tags_from_stream_calls_per_second,
        &limits.list_tags_for_stream_calls_per_second,
        &limits.enable_enhanced_monitoring_calls_per_second}) {
    *rate = dice.OneOf<std::int64_t>({1, 2, 4, 5, Limits::kUnlimited});
  }
}

}  // namespace

// Rates whose inverse is a whole number of sixteenths of a nanosecond, so that no rounding divides
// engine and reference.
Limits ChooseLimits(Dice dice) {
  Limits limits = dice.OneIn(4) ? Limits::Unlimited() : Limits::Service();
  if (dice.OneIn(2)) {
    limits.shard_write_bytes_per_second = 20'000;
    limits.shard_write_records_per_second = 10;
    limits.shard_read_bytes_per_second = 50'000;
    limits.shard_get_records_calls_per_second = 2;
    limits.shard_get_shard_iterator_calls_per_second = 4;
    limits.subscription_bytes_per_second = 16'000;
    limits.full_page_pause = absl::Seconds(dice.Between(0, 8));
  }
  if (dice.OneIn(2)) {
    limits.put_records_request_bytes = 200'000;
    limits.get_records_response_bytes = 100'000;
    limits.get_records_response_records = 20;
    limits.subscription_event_bytes = 4'000;
    limits.subscription_event_records = 10;
    limits.describe_stream_page_shards = 3;
    limits.list_streams_page_streams = 2;
    limits.list_shards_page_shards = 4;
    limits.list_stream_consumers_page_consumers = 2;
  }
  if (dice.OneIn(2)) {
    limits.shards_per_account = 24;
    limits.streams_in_creating = 2;
    limits.consumers_per_stream = 3;
    limits.consumers_in_creating = 2;
    limits.update_shard_count_target = 12;
    limits.update_shard_count_calls_per_day = 3;
  }
  if (dice.OneIn(2)) {
    limits.on_demand_streams_per_account = 2;
    limits.consumers_per_stream_with_advantage = 4;
    limits.update_stream_mode_switches_per_day = dice.Between(1, 4);
    limits.warm_throughput_mibps = 8;
    limits.start_stream_encryption_calls_per_day = dice.Between(1, 5);
    limits.stop_stream_encryption_calls_per_day = dice.Between(1, 3);
    limits.tags_per_resource = dice.Between(2, 5);
  }
  if (dice.OneIn(4)) limits.subscription_takeover = absl::Milliseconds(500);
  if (dice.OneIn(2)) limits.minimum_commitment = absl::Minutes(dice.Between(1, 90));
  if (dice.OneIn(3)) limits.resource_policy_bytes = dice.OneOf<std::int64_t>({150, 250, 350});
  if (dice.OneIn(3)) limits.data_key_life = absl::Seconds(dice.Between(1, 60));
  limits.enforce_call_rates = dice.OneIn(3);
  if (dice.OneIn(2)) ChooseCallRates(limits, dice);
  // What on-demand streams do about their traffic has tests of its own; and here they stay small.
  limits.on_demand_split_bytes_per_second = Limits::kUnlimited;
  limits.on_demand_split_records_per_second = Limits::kUnlimited;
  limits.shards_per_on_demand_stream = dice.Between(5, 20);
  return limits;
}

Lifecycle ChooseLifecycle(Dice dice) {
  if (dice.OneIn(3)) return {};
  if (dice.OneIn(2)) return Lifecycle::Service();
  const auto some = [&dice] { return absl::Milliseconds(500 * dice.Between(0, 6)); };
  return {.create_stream = some(),
          .delete_stream = some(),
          .update_stream = some(),
          .reshard = some(),
          .update_shard_count = some(),
          .update_shard_count_step = some(),
          .hand_over = some(),
          .hand_over_step = some(),
          .register_consumer = some(),
          .deregister_consumer = some()};
}

}  // namespace riacho::model_based
