#include "model_based/side_by_side.h"

#include <algorithm>
#include <cstddef>

#include "absl/time/time.h"

#include "model_based/world.h"
#include "riacho/model/error.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

SideBySide::SideBySide(std::uint64_t seed, Mistake mistake, bool tell_story)
    : tells_(tell_story),
      limits_(ChooseLimits({.random = Random(seed)})),
      lifecycle_(ChooseLifecycle({.random = Random(~seed)})),
      engine_(std::make_unique<Engine>(
          clock_, EngineOptions{.limits = limits_, .lifecycle = lifecycle_, .seed = seed})),
      callers_(ChooseCallers({.random = Random(seed + 1'000'000'007)})),
      users_call_(seed % 3 != 0),
      reference_owner_(std::make_unique<ReferenceService>(limits_, lifecycle_, mistake)),
      reference_(*reference_owner_),
      choices_(reference_),
      now_nanos_(absl::ToUnixNanos(clock_.TimeNow())) {
  for (const NaiveCaller& caller : callers_) {
    clients_.push_back(engine_->NewClient(PrincipalOf(caller)));
  }
  SetCaller(0);
  for (const std::string key : {"key-1", "key-2"}) {
    engine_->key_store().CreateKey({.key_id = key, .alias = "alias/" + key}).value();
    reference_.keys().Add(key, "alias/" + key);
    choices_.key_ids.push_back(key);
  }
}

void SideBySide::SetCaller(std::size_t number) {
  client_ = clients_[number].get();
  reference_.SetCaller(callers_[number]);
  if (number != 0) Say(callers_[number].arn, ": ");
}

void SideBySide::ChooseCaller() {
  SetCaller(users_call_ && choices_.OneIn(3) ? 1 + choices_.random.Uniform(callers_.size() - 1)
                                             : 0);
}

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
  switch (choices_.Between(0, 13)) {
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
    case 9:
    case 10:
    case 11:
    case 12: {
      const std::vector<std::int64_t> moments = reference_.Moments(*stream);
      return moments.empty() ? now_nanos_ : choices_.OneOf(moments);
    }
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
    by = choices_.Between(0, 1000) * (choices_.OneIn(10) ? 1 : kMilli);
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
  } else if (dice < 984) {
    by = choices_.Between(1, 8) * 86'400 * kSecond;
  } else if (dice < 985) {
    by = choices_.Between(1, 6) * 7 * 86'400 * kSecond + choices_.Between(-1, 1);
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
