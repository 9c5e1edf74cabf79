#include "model_based/side_by_side.h"

#include <algorithm>
#include <cstddef>

#include "absl/time/time.h"

#include "riacho/model/error.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;

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
  if (dice.OneIn(4)) limits.subscription_takeover = absl::Milliseconds(500);
  limits.enforce_call_rates = dice.OneIn(3);
  // The reference does not scale ON_DEMAND streams: they keep their four shards.
  limits.on_demand_split_bytes_per_second = Limits::kUnlimited;
  limits.on_demand_split_records_per_second = Limits::kUnlimited;
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

}  // namespace

SideBySide::SideBySide(std::uint64_t seed, Mistake mistake, bool tell_story)
    : tells_(tell_story),
      limits_(ChooseLimits({.random = Random(seed)})),
      lifecycle_(ChooseLifecycle({.random = Random(~seed)})),
      engine_(std::make_unique<Engine>(
          clock_, EngineOptions{.limits = limits_, .lifecycle = lifecycle_, .seed = seed})),
      client_(engine_->NewClient()),
      reference_owner_(std::make_unique<ReferenceService>(limits_, lifecycle_, mistake)),
      reference_(*reference_owner_),
      choices_(reference_),
      now_nanos_(absl::ToUnixNanos(clock_.TimeNow())) {}

void SideBySide::Differ(std::string_view what, const std::string& engine,
                        const std::string& reference) {
  if (!difference_.empty()) return;
  difference_.append(what).append("\n    engine:    ").append(engine).append("\n    reference: ");
  difference_.append(reference);
}

bool SideBySide::BothOk(const absl::Status& engine, const std::optional<ErrorCode>& reference) {
  const std::optional<ErrorCode> code = GetErrorCode(engine);
  last_answer_ = engine.ok() ? std::string_view("ok") : ErrorCodeName(*code);
  Say(" -> ", last_answer_);
  if (engine.ok() == !reference.has_value() && code == reference) return engine.ok();
  Differ("error", engine.ok() ? "ok" : std::string(engine.message()),
         reference.has_value() ? std::string(ErrorCodeName(*reference)) : "ok");
  return false;
}

std::string SideBySide::TakeLine() {
  std::string line = line_.str();
  line_.str("");
  return line;
}

const ReferenceToken* SideBySide::ChooseToken(std::vector<HeldToken>& held,
                                              std::optional<std::string>& token) {
  if (choices_.OneIn(60)) token = choices_.OneIn(4) ? "" : "no token";
  if (held.empty() || token.has_value() || choices_.OneIn(2)) return nullptr;
  const HeldToken& chosen = choices_.OneOf(held);
  token = chosen.token;
  return &chosen.meaning;
}

// --- time ----------------------------------------------------------------------------------------

void SideBySide::MoveClock(std::int64_t by_nanos) {
  clock_.AdvanceTime(absl::Nanoseconds(by_nanos));
  now_nanos_ += by_nanos;
  reference_.Settle(now_nanos_);
}

std::int64_t SideBySide::NextMoment() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  if (stream == nullptr) return now_nanos_;
  ReferenceShard& shard = *stream->shards.at(choices_.ShardOf(stream.get())->number);
  const std::int64_t retention = stream->retention_hours * 3600 * kSecond;
  switch (choices_.Between(0, 9)) {
    case 0:
    case 1: {
      if (iterators_.empty()) return now_nanos_;
      const HeldIterator& held = choices_.OneOf(iterators_);
      return (held.meaning.issued_millis + choices_.Between(0, 1)) * kMilli +
             absl::ToInt64Nanoseconds(limits_.shard_iterator_life);
    }
    case 2:
    case 3: {
      if (subscriptions_.empty()) return now_nanos_;
      const ReferenceSubscription& held =
          subscriptions_[choices_.random.Uniform(subscriptions_.size())].meaning;
      return choices_.OneOf<std::int64_t>(
          {held.ends_at_nanos,
           held.last_event_nanos + absl::ToInt64Nanoseconds(limits_.subscription_idle_event),
           held.lease->taken_at_nanos + absl::ToInt64Nanoseconds(limits_.subscription_takeover),
           held.lease->budget.ReadyAt(0, now_nanos_)});
    }
    case 4:
    case 5:
      return stream->NextDue().value_or(now_nanos_);
    case 6:
      return shard.read_bytes.ReadyAt(0, now_nanos_);
    case 7:
      return shard.write_bytes.ReadyAt(choices_.Between(1, 5000), now_nanos_);
    case 8:
      if (shard.records.empty()) return now_nanos_;
      return choices_.OneOf(shard.records).arrival_millis * kMilli + retention;
    default:
      if (!shard.end_seconds.has_value()) return now_nanos_;
      return (*shard.end_seconds + 1) * kSecond + retention;
  }
}

void SideBySide::PassTime() {
  std::int64_t by = 0;
  const std::int64_t dice = choices_.Between(0, 999);
  if (dice < 150) {
    by = NextMoment() - now_nanos_ + choices_.Between(-1, 1) * (choices_.OneIn(2) ? 1 : kMilli);
    // Not often to the end of what is kept.
    if (by < 0 || (by > 3600 * kSecond && !choices_.OneIn(4))) by = 0;
  } else if (dice < 600) {
    by = choices_.Between(0, 1000) * kMilli;
  } else if (dice < 850) {
    by = choices_.Between(1, 10) * kSecond + choices_.Between(-1, 1);
  } else if (dice < 900) {
    by = choices_.Between(0, 30'000) * kMilli;
  } else if (dice < 940) {
    by = choices_.OneOf<std::int64_t>({5, 26, 300}) * kSecond + choices_.Between(-2, 2) * kMilli;
  } else if (dice < 955) {
    by = choices_.Between(0, 600'000) * kMilli + choices_.Between(0, kMilli);
  } else if (dice < 972) {
    by = choices_.Between(0, 3600) * kSecond;
  } else if (dice < 980) {
    by = choices_.Between(1, 24) * 3600 * kSecond;
  } else if (dice < 985) {
    by = choices_.Between(1, 8) * 86'400 * kSecond;
  } else {
    // What would have been due by now is done, as it cannot be undone, and nobody can tell what has
    // left the stream if that depends on which clock one asks.
    by = -choices_.Between(0, choices_.OneIn(4) ? 30'000 : 2000) * kMilli;
    Say("engine settles; ");
    engine_->Settle();
    if (reference_.IsUnclearAt(now_nanos_ + by)) by = 0;
  }
  Say("time passes: ", absl::FormatDuration(absl::Nanoseconds(by)));
  MoveClock(by);
}

void SideBySide::SettleEngine() {
  Say("Settle");
  engine_->Settle();
}

}  // namespace riacho::model_based
