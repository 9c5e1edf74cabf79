// The part of ReferenceService that decides who may do what, by the policies of the caller and of
// the resource.
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "model_based/reference_service.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::string_view kOurAccount = "123456789012";
constexpr std::string_view kOurs = "arn:aws:kinesis:us-east-1:123456789012:";

// "arn:aws:kinesis:REGION:ACCOUNT:…"
std::string AccountIn(std::string arn) {
  for (int field = 0; field < 4; ++field) arn = arn.substr(arn.find(':') + 1);
  return arn.substr(0, arn.find(':'));
}

}  // namespace

struct ReferenceService::Target {
  std::string arn = "*";
  std::string owner = std::string(kOurAccount);
  ReferenceTags tags = {};
  std::optional<NaivePolicy> policy = {};
};

std::optional<ReferenceService::Target> ReferenceService::TargetStream(
    const std::string& arn) const {
  Target target = {.arn = arn, .owner = AccountIn(arn)};
  const std::string prefix = absl::StrCat(std::string(kOurs), "stream/");
  if (!arn.starts_with(prefix)) return target;
  const auto stream = streams_.find(arn.substr(prefix.size()));
  if (stream == streams_.end()) return target;
  target.tags = stream->second->tags;
  target.policy = stream->second->policy;
  return target;
}

// `seconds`: none unless the request says it.
std::optional<ReferenceService::Target> ReferenceService::TargetConsumer(
    const std::string& stream_arn, const std::string& name,
    std::optional<std::int64_t> seconds) const {
  Target target = *TargetStream(stream_arn);
  target.tags.clear();
  target.policy.reset();
  const std::size_t slash = stream_arn.rfind('/');
  const auto stream = streams_.find(stream_arn.substr(slash + 1));
  if (stream_arn.starts_with(kOurs) && stream != streams_.end()) {
    const auto consumer = stream->second->consumers.find(name);
    if (consumer != stream->second->consumers.end() &&
        seconds.value_or(consumer->second.creation_seconds) == consumer->second.creation_seconds) {
      seconds = consumer->second.creation_seconds;
      target.tags = consumer->second.tags;
      target.policy = consumer->second.policy;
    }
  }
  target.arn = absl::StrCat(stream_arn, "/consumer/", name, ":", seconds.value_or(0));
  return target;
}

std::optional<ReferenceService::Target> ReferenceService::TargetResource(
    const std::string& arn) const {
  const std::size_t middle = arn.find("/consumer/");
  if (middle == std::string::npos) return TargetStream(arn);
  const std::size_t colon = arn.rfind(':');
  std::int64_t seconds = 0;
  if (!absl::SimpleAtoi(arn.substr(colon + 1), &seconds)) return std::nullopt;
  return TargetConsumer(arn.substr(0, middle), arn.substr(middle + 10, colon - middle - 10),
                        seconds);
}

// None: there is nothing to be authorised on, and the operation will say so.
std::optional<ReferenceService::Target> ReferenceService::TargetOf(
    const ReferenceAddress& address) const {
  switch (address.operation) {
    case Operation::kListStreams:
    case Operation::kListChannels:
    case Operation::kDescribeLimits:
    case Operation::kDescribeAccountSettings:
    case Operation::kUpdateAccountSettings:
      return Target{};
    case Operation::kCreateChannel:
      return Target{.arn = absl::StrCat(std::string(kOurs), "channel/*")};
    case Operation::kDescribeChannel:
    case Operation::kUpdateChannel:
    case Operation::kDeleteChannel:
      return Target{.arn = *address.channel_arn, .owner = AccountIn(*address.channel_arn)};
    case Operation::kTagResource:
    case Operation::kUntagResource:
    case Operation::kListTagsForResource:
    case Operation::kPutResourcePolicy:
    case Operation::kGetResourcePolicy:
    case Operation::kDeleteResourcePolicy:
      return TargetResource(*address.resource_arn);
    case Operation::kSubscribeToShard:
    case Operation::kDescribeStreamConsumer:
    case Operation::kDeregisterStreamConsumer:
      if (address.consumer_arn.has_value()) return TargetResource(*address.consumer_arn);
      if (!address.stream_arn.has_value() || !address.consumer_name.has_value()) {
        return std::nullopt;
      }
      return TargetConsumer(*address.stream_arn, *address.consumer_name, std::nullopt);
    default:
      break;
  }
  if (address.by_token) {
    if (!address.token_stream.has_value()) return std::nullopt;
    return TargetStream(ArnOf(*address.token_stream));
  }
  if (address.stream_arn.has_value()) return TargetStream(*address.stream_arn);
  if (address.stream_name.has_value()) return TargetStream(ArnOf(*address.stream_name));
  return std::nullopt;
}

bool ReferenceService::Allows(Operation operation, const Target& target,
                              const ReferenceTags& request_tags) const {
  // Nobody limits the account itself but the resource.
  const bool resource_limits =
      target.policy.has_value() && mistake_ != Mistake::kAccountIsNeverDenied;
  if (caller_.type == PrincipalType::kRoot && !resource_limits) return true;
  NaiveRequest request = {.action = absl::StrCat("kinesis:", std::string(OperationName(operation))),
                          .resource = target.arn,
                          .owner = target.owner,
                          .resource_policy = target.policy};
  if (caller_.type == PrincipalType::kUser) {
    request.keys["aws:username"] = {caller_.arn.substr(caller_.arn.rfind('/') + 1)};
  }
  for (const auto& [key, value] : target.tags) request.keys["aws:resourcetag/" + key] = {value};
  for (const auto& [key, value] : request_tags) request.keys["aws:requesttag/" + key] = {value};
  return EvaluateNaively(caller_, request).allowed;
}

ReferenceService::Refusal ReferenceService::Authorize(const ReferenceAddress& address,
                                                      std::int64_t now_nanos) const {
  const std::optional<Target> target = TargetOf(address);
  if (!target.has_value()) return std::nullopt;
  Target asked = *target;
  switch (address.operation) {  // the documents' table has no resource for these
    case Operation::kUpdateShardCount:
    case Operation::kUpdateStreamMode:
    case Operation::kEnableEnhancedMonitoring:
    case Operation::kDisableEnhancedMonitoring:
      asked.arn = "*";
      break;
    default:
      break;
  }
  bool allowed = Allows(address.operation, asked, address.tags);
  if (allowed && !address.tags.empty() && address.operation == Operation::kCreateStream) {
    allowed = Allows(Operation::kAddTagsToStream, asked, address.tags);
  }
  if (allowed && !address.tags.empty() && address.operation == Operation::kRegisterStreamConsumer) {
    allowed =
        Allows(Operation::kTagResource,
               *TargetConsumer(*address.stream_arn, *address.consumer_name, now_nanos / kSecond),
               address.tags);
  }
  // No policy here tells one key from another.
  if (allowed && address.names_key)
    allowed = Allows(address.operation, {.arn = "arn:aws:kms:us-east-1:123456789012:key/any"}, {});
  return allowed ? Refusal() : Refusal(ErrorCode::kAccessDenied);
}

}  // namespace riacho::model_based
