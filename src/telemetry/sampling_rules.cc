#include "riacho/telemetry/sampling_rules.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

constexpr std::string_view kDefaultName = "Default";
constexpr std::int64_t kDefaultPriority = 10'000;
constexpr std::size_t kMostNameBytes = 32;

bool SameCharacter(char a, char b) {
  return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
         absl::ascii_tolower(static_cast<unsigned char>(b));
}

// Only the last * needs to be tried again: what stands before it has matched as early as it can.
bool MatchesWildcards(std::string_view pattern, std::string_view text) {
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t behind_star = std::string_view::npos;
  std::size_t star_end = 0;  // how far the last * reaches, as tried now
  while (in_text < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      behind_star = ++in_pattern;
      star_end = in_text;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' || SameCharacter(pattern[in_pattern], text[in_text]))) {
      ++in_pattern;
      ++in_text;
    } else if (behind_star != std::string_view::npos) {
      in_pattern = behind_star;
      in_text = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

absl::Status Check(const SamplingRule& rule) {
  const auto refuse = [&rule](const std::string& what) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "sampling rule \"" + rule.rule_name + "\": " + what);
  };
  if (rule.rule_name.empty() || rule.rule_name.size() > kMostNameBytes)
    return refuse("a name has 1 to 32 bytes");
  const bool is_default = rule.rule_name == kDefaultName;
  if (!is_default && (rule.priority < 1 || rule.priority >= kDefaultPriority))
    return refuse(absl::StrCat("the priority ", rule.priority, " is not from 1 to 9999"));
  if (rule.reservoir_size < 0)
    return refuse(absl::StrCat("the reservoir ", rule.reservoir_size, " is less than 0"));
  if (!(rule.fixed_rate >= 0 && rule.fixed_rate <= 1))
    return refuse(absl::StrCat("the rate ", rule.fixed_rate, " is not from 0 to 1"));
  return absl::OkStatus();
}

}  // namespace

bool SamplingRule::Matches(const SamplingRequest& request) const {
  return MatchesWildcards(service_name, request.service_name) &&
         MatchesWildcards(service_type, request.service_type) &&
         MatchesWildcards(host, request.host) &&
         MatchesWildcards(http_method, request.http_method) &&
         MatchesWildcards(url_path, request.url_path) &&
         MatchesWildcards(resource_arn, request.resource_arn) &&
         std::ranges::all_of(attributes, [&request](const auto& wanted) {
           return std::ranges::any_of(request.attributes, [&wanted](const auto& attribute) {
             return attribute.first == wanted.first &&
                    MatchesWildcards(wanted.second, attribute.second);
           });
         });
}

SamplingRule SamplingRules::Default() {
  return {.rule_name = std::string(kDefaultName),
          .priority = kDefaultPriority,
          .reservoir_size = 1,
          .fixed_rate = 0.05};
}

absl::StatusOr<SamplingRules> SamplingRules::Create(std::vector<SamplingRule> rules,
                                                    const SamplingRule& otherwise) {
  std::ranges::sort(rules, {}, [](const SamplingRule& rule) {
    return std::tuple<std::int64_t, std::string_view>(rule.priority, rule.rule_name);
  });
  SamplingRule last = Default();
  last.reservoir_size = otherwise.reservoir_size;
  last.fixed_rate = otherwise.fixed_rate;
  rules.push_back(std::move(last));
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    RIACHO_RETURN_IF_ERROR(Check(*rule));
    if (std::ranges::find(std::next(rule), rules.end(), rule->rule_name,
                          &SamplingRule::rule_name) != rules.end()) {
      return MakeError(ErrorCode::kInvalidArgument,
                       "sampling rule \"" + rule->rule_name + "\": there are two of that name");
    }
  }
  SamplingRules result;
  result.rules_ = std::move(rules);
  return result;
}

std::size_t SamplingRules::Find(const SamplingRequest& request) const {
  std::size_t place = 0;
  while (place + 1 < rules_.size() && !rules_[place].Matches(request)) ++place;
  return place;
}

}  // namespace riacho
