// SamplingRules: which requests are traced, as in AWS X-Ray.
//
//   absl::StatusOr<riacho::SamplingRules> rules = riacho::SamplingRules::Create({
//       {.rule_name = "payments", .priority = 1, .fixed_rate = 1.0, .url_path = "/api/pay/*"},
//       {.rule_name = "health", .priority = 2, .url_path = "/health"},   // never
//   });
//
// Who decides by them: Sampler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace riacho {

// What is asked of a rule. A view.
struct SamplingRequest {
  std::string_view service_name = {};
  std::string_view service_type = {};  // "AWS::ECS::Container"
  std::string_view host = {};
  std::string_view http_method = {};
  std::string_view url_path = {};
  std::string_view resource_arn = {};  // of what runs the service
  std::span<const std::pair<std::string_view, std::string_view>> attributes = {};
};

// Of the requests that match, the first `reservoir_size` of each second are sampled, and each of
// the others with the probability `fixed_rate`.
//
// Matchers are the whole of the text, upper and lower case alike; * stands for any text, ? for any
// one character. Of the attributes each must be there and match.
//
// Source: AWS X-Ray API Reference, SamplingRule.
struct SamplingRule {
  std::string rule_name = {};  // 1 to 32 bytes
  std::int64_t priority = 1;   // 1 to 9999: the lowest that matches counts; of equals, by name
  std::int64_t reservoir_size = 0;
  double fixed_rate = 0;  // 0 to 1
  std::string service_name = "*";
  std::string service_type = "*";
  std::string host = "*";
  std::string http_method = "*";
  std::string url_path = "*";
  std::string resource_arn = "*";
  std::map<std::string, std::string> attributes = {};

  // Allocates nothing.
  bool Matches(const SamplingRequest& request) const;

  friend bool operator==(const SamplingRule&, const SamplingRule&) = default;
};

// A value: rules in the order in which they are asked, at last the one named "Default", with
// priority 10000, that matches everything.
class SamplingRules {
 public:
  // Of requests that match no other rule: one a second, and five in a hundred of the others.
  static SamplingRule Default();

  // The default alone.
  SamplingRules() : rules_{Default()} {}

  // Of `otherwise`, the rule of all other requests, only the reservoir and the rate count.
  // Errors: kInvalidArgument: a name that is empty, too long, "Default" or there twice, a priority,
  //         reservoir or rate out of its range.
  static absl::StatusOr<SamplingRules> Create(std::vector<SamplingRule> rules,
                                              const SamplingRule& otherwise = Default());

  // Reads rules from JSON: what GetSamplingRules answers, or the version 2 of the file that X-Ray's
  // libraries read:
  //   {"version": 2,
  //    "rules": [{"description": "Pay", "host": "*", "http_method": "*", "url_path": "/api/pay/*",
  //               "fixed_target": 0, "rate": 0.05}],
  //    "default": {"fixed_target": 1, "rate": 0.1}}
  // whose rules are asked in their order and named "rule 1", "rule 2", ….
  // Errors: kInvalidArgument, which names the field that is wrong, and what was expected there.
  static absl::StatusOr<SamplingRules> Parse(std::string_view json);

  const std::vector<SamplingRule>& rules() const { return rules_; }

  // The place in `rules` of the first that matches. Allocates nothing.
  std::size_t Find(const SamplingRequest& request) const;

 private:
  std::vector<SamplingRule> rules_;
};

}  // namespace riacho
