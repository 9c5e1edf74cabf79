#include "riacho/telemetry/composite_alarm.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "telemetry/metric_table.h"

namespace riacho {
namespace {

constexpr std::size_t kLongestRule = 10'240;
constexpr int kDeepest = 100;

std::optional<AlarmState> StateOf(std::string_view name) {
  for (const AlarmState state :
       {AlarmState::kOk, AlarmState::kAlarm, AlarmState::kInsufficientData}) {
    if (name == AlarmStateName(state)) return state;
  }
  return std::nullopt;
}

}  // namespace

// A rule in the order in which it is worked out: what is joined comes before what joins it.
class CompositeAlarm::Rule {
 public:
  static absl::StatusOr<std::unique_ptr<const Rule>> Parse(const std::vector<const Alarm*>& alarms,
                                                           std::string_view text) {
    auto rule = std::make_unique<Rule>();
    if (text.size() > kLongestRule) {
      return MakeError(ErrorCode::kInvalidArgument, "AlarmRule has " + std::to_string(text.size()) +
                                                        " bytes. At most 10240 are allowed.");
    }
    Reader reader(alarms, text, rule->steps_);
    RIACHO_RETURN_IF_ERROR(reader.ReadAll());
    return rule;
  }

  bool IsTrue() const {
    std::vector<bool> values;
    const auto take = [&values] {
      const bool value = values.back();
      values.pop_back();
      return value;
    };
    for (const Step& step : steps_) {
      switch (step.kind) {
        case Step::Kind::kConstant:
          values.push_back(step.value);
          break;
        case Step::Kind::kAlarm:
          values.push_back(step.alarm->state() == step.state);
          break;
        case Step::Kind::kNot:
          values.push_back(!take());
          break;
        case Step::Kind::kAnd:
        case Step::Kind::kOr: {
          const bool right = take();
          const bool left = take();
          values.push_back(step.kind == Step::Kind::kAnd ? left && right : left || right);
          break;
        }
      }
    }
    return values.back();
  }

 private:
  struct Step {
    enum class Kind : unsigned char { kConstant, kAlarm, kNot, kAnd, kOr };

    Kind kind = Kind::kConstant;
    bool value = false;
    const Alarm* alarm = nullptr;
    AlarmState state = AlarmState::kAlarm;
  };

  // any := all { "OR" all }; all := one { "AND" one }; one := "NOT" one | "(" any ")" | ...
  class Reader {
   public:
    Reader(const std::vector<const Alarm*>& alarms, std::string_view text, std::vector<Step>& steps)
        : alarms_(alarms), text_(text), steps_(steps) {}

    absl::Status ReadAll() {
      RIACHO_RETURN_IF_ERROR(ReadAny(0));
      SkipSpace();
      return at_ == text_.size() ? absl::OkStatus() : Wrong("AND, OR or its end");
    }

   private:
    absl::Status Wrong(const std::string& expected) const {
      return MakeError(ErrorCode::kInvalidArgument, "AlarmRule must have " + expected +
                                                        " at character " + std::to_string(at_ + 1) +
                                                        ": '" + std::string(text_) + "'");
    }
    void SkipSpace() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
    bool Take(char c) {
      SkipSpace();
      if (at_ == text_.size() || text_[at_] != c) return false;
      ++at_;
      return true;
    }
    std::string_view Word() {
      SkipSpace();
      const std::size_t end =
          std::min(text_.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at_), text_.size());
      return text_.substr(at_, end - at_);
    }
    bool Take(std::string_view word) {
      if (Word() != word) return false;
      at_ += word.size();
      return true;
    }

    absl::Status ReadAny(int depth) {
      RIACHO_RETURN_IF_ERROR(ReadAll(depth));
      while (Take("OR")) {
        RIACHO_RETURN_IF_ERROR(ReadAll(depth));
        steps_.push_back({.kind = Step::Kind::kOr});
      }
      return absl::OkStatus();
    }
    absl::Status ReadAll(int depth) {
      RIACHO_RETURN_IF_ERROR(ReadOne(depth));
      while (Take("AND")) {
        RIACHO_RETURN_IF_ERROR(ReadOne(depth));
        steps_.push_back({.kind = Step::Kind::kAnd});
      }
      return absl::OkStatus();
    }
    absl::Status ReadOne(int depth) {
      bool negated = false;
      while (Take("NOT")) negated = !negated;
      if (Take('(')) {
        if (depth == kDeepest) return Wrong("no more than 100 parentheses in each other");
        RIACHO_RETURN_IF_ERROR(ReadAny(depth + 1));
        if (!Take(')')) return Wrong("AND, OR or ')'");
      } else if (Word() == "TRUE" || Word() == "FALSE") {
        const bool value = Word() == "TRUE";
        at_ += Word().size();
        steps_.push_back({.kind = Step::Kind::kConstant, .value = value});
      } else {
        RIACHO_RETURN_IF_ERROR(ReadState());
      }
      if (negated) steps_.push_back({.kind = Step::Kind::kNot});
      return absl::OkStatus();
    }
    absl::Status ReadState() {
      const std::optional<AlarmState> state = StateOf(Word());
      if (!state.has_value()) return Wrong("ALARM, OK, INSUFFICIENT_DATA, TRUE, FALSE, NOT or '('");
      at_ += Word().size();
      if (!Take('(')) return Wrong("'('");
      const bool quoted = Take('"');
      if (!quoted) SkipSpace();
      const std::size_t end = text_.find_first_of(quoted ? "\"" : ") \t\r\n", at_);
      if (end == std::string_view::npos) return Wrong("the end of a name");
      const std::string name(text_.substr(at_, end - at_));
      const auto alarm = std::ranges::find_if(
          alarms_, [&name](const Alarm* known) { return known->options().alarm_name == name; });
      if (alarm == alarms_.end()) return Wrong("the name of an alarm it is given");
      at_ = quoted ? end + 1 : end;
      if (!Take(')')) return Wrong("')'");
      steps_.push_back({.kind = Step::Kind::kAlarm, .alarm = *alarm, .state = *state});
      return absl::OkStatus();
    }

    const std::vector<const Alarm*>& alarms_;
    const std::string_view text_;
    std::vector<Step>& steps_;
    std::size_t at_ = 0;
  };

  std::vector<Step> steps_;
};

CompositeAlarm::CompositeAlarm(std::unique_ptr<const Rule> rule, CompositeAlarmOptions options,
                               Alarm::Action action)
    : rule_(std::move(rule)), options_(std::move(options)), action_(std::move(action)) {}

CompositeAlarm::~CompositeAlarm() = default;

absl::StatusOr<std::unique_ptr<CompositeAlarm>> CompositeAlarm::Create(
    const std::vector<const Alarm*>& alarms, CompositeAlarmOptions options, Alarm::Action action) {
  auto rule = Rule::Parse(alarms, options.alarm_rule);
  RIACHO_RETURN_IF_ERROR(rule.status());
  return std::unique_ptr<CompositeAlarm>(
      new CompositeAlarm(*std::move(rule), std::move(options), std::move(action)));
}

absl::Time CompositeAlarm::Poll(absl::Time now) {
  const AlarmState found = rule_->IsTrue() ? AlarmState::kAlarm : AlarmState::kOk;
  if (found != state_) {
    const AlarmStateChange change = {
        .alarm_name = options_.alarm_name, .from = state_, .to = found, .at = now};
    state_ = found;
    if (action_ != nullptr) action_(change);
  }
  return absl::FromUnixSeconds((internal::MinuteOf(now) + 1) * 60);
}

}  // namespace riacho
