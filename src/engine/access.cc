#include "engine/access.h"

#include <array>
#include <utility>

#include "absl/strings/match.h"

#include "base/epoch.h"
#include "base/return_if_error.h"
#include "engine/sealed_token.h"
#include "engine/shard_iterator.h"
#include "riacho/model/arn.h"
#include "riacho/model/error.h"
#include "security/evaluation.h"

namespace riacho::internal {
namespace {

// What the service authorises an action on.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
// Kinesis Data Streams".
enum class ResourceLevel : unsigned char {
  kStream,
  kConsumer,
  kResourceArn,  // a stream or a consumer
  kChannel,
  kNewChannel,  // whose id is not known yet
  kNone,
  kNoneInTable,  // none, though the operation is about a stream
};

ResourceLevel LevelOf(Operation operation) {
  switch (operation) {
    case Operation::kDeregisterStreamConsumer:
    case Operation::kDescribeStreamConsumer:
    case Operation::kSubscribeToShard:
      return ResourceLevel::kConsumer;
    case Operation::kDeleteResourcePolicy:
    case Operation::kGetResourcePolicy:
    case Operation::kListTagsForResource:
    case Operation::kPutResourcePolicy:
    case Operation::kTagResource:
    case Operation::kUntagResource:
      return ResourceLevel::kResourceArn;
    case Operation::kDeleteChannel:
    case Operation::kDescribeChannel:
    case Operation::kUpdateChannel:
      return ResourceLevel::kChannel;
    case Operation::kCreateChannel:
      return ResourceLevel::kNewChannel;
    case Operation::kDescribeAccountSettings:
    case Operation::kDescribeLimits:
    case Operation::kListChannels:
    case Operation::kListStreams:
    case Operation::kUpdateAccountSettings:
      return ResourceLevel::kNone;
    case Operation::kDisableEnhancedMonitoring:
    case Operation::kEnableEnhancedMonitoring:
    case Operation::kUpdateShardCount:
    case Operation::kUpdateStreamMode:
      return ResourceLevel::kNoneInTable;
    default:
      return ResourceLevel::kStream;
  }
}

// "kinesis:PutRecord" and its like, made once.
std::string_view ActionName(Operation operation) {
  static const auto* const kNames = [] {
    auto* const names = new std::array<std::string, kOperationCount>;
    for (std::size_t i = 0; i < kOperationCount; ++i)
      (*names)[i] = "kinesis:" + std::string(OperationName(static_cast<Operation>(i)));
    return names;
  }();
  return (*kNames)[static_cast<std::size_t>(operation)];
}

constinit const std::atomic<bool> kAlways = true;

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

// The stream that a token goes on with, whatever its age; empty when it is no token of this engine.
std::optional<std::string> StreamOfIterator(std::string_view token, std::uint64_t key) {
  const Limits ageless = {.shard_iterator_life = absl::InfiniteDuration()};
  absl::StatusOr<ShardIterator> iterator = ShardIterator::FromToken(token, key, ageless, 0);
  if (!iterator.ok()) return std::nullopt;
  return std::move(iterator->stream_name);
}
std::optional<std::string> StreamOfNextToken(std::string_view token, std::uint64_t key) {
  const Limits ageless = {.next_token_life = absl::InfiniteDuration()};
  absl::StatusOr<TokenReader> reader =
      OpenNextToken(TokenKind::kListShards, token, key, ageless, 0);
  if (!reader.ok()) return std::nullopt;
  return reader->Text();
}

}  // namespace

// What a request is authorised on. Lives inside an EpochGuard.
struct Authorizer::Target {
  std::string_view arn = "*";
  std::string made = {};        // what `arn` shows when nobody else keeps that text
  std::string account_id = {};  // whose it is
  std::optional<std::string_view> bare_name = {};  // of the stream, addressed by nothing else
  Stream* stream = nullptr;                        // null: there is none, or not here
  const Policy* policy = nullptr;
  std::optional<ConsumerId> consumer = {};  // it is one of `stream`
  std::optional<Policy> consumer_policy = {};

  void SetArn(std::string text) {
    made = std::move(text);
    arn = made;
  }
};

// The condition keys of one request.
class Authorizer::RequestKeys final : public ConditionKeys {
 public:
  RequestKeys(const Authorizer& authorizer, const Target& target, const Addressing& request,
              std::int64_t now_nanos)
      : authorizer_(authorizer), target_(target), request_(request), now_nanos_(now_nanos) {}

  void Find(std::string_view key, KeyValues& values) const override {
    constexpr std::string_view kRequestTag = "aws:requesttag/";
    constexpr std::string_view kResourceTag = "aws:resourcetag/";
    authorizer_.caller().Find(key, values);
    if (!values.values().empty()) return;
    if (key == "aws:requestedregion") {
      values.Add(authorizer_.account_.options.region);
    } else if (key == "aws:resourceaccount") {
      values.Add(target_.account_id);
    } else if (key == "aws:tagkeys") {
      if (request_.tags != nullptr) {
        for (const auto& [name, value] : *request_.tags) values.Add(name);
      }
      for (const std::string& name : request_.tag_keys) values.Add(name);
    } else if (key.starts_with(kRequestTag) && request_.tags != nullptr) {
      FindTag(key.substr(kRequestTag.size()), *request_.tags, values);
    } else if (key.starts_with(kResourceTag) && target_.stream != nullptr) {
      // A consumer that does not exist has none.
      const absl::StatusOr<Tags> tags = target_.stream->ListTags(target_.consumer);
      if (tags.ok()) FindTag(key.substr(kResourceTag.size()), *tags, values);
    } else {
      FindTime(key, absl::FromUnixNanos(now_nanos_), values);
    }
  }

 private:
  static void FindTag(std::string_view name, const std::map<std::string, std::string>& tags,
                      KeyValues& values) {
    for (const auto& [tag, value] : tags) {
      if (EqualIgnoringCase(tag, name)) return values.AddMade(value);
    }
  }

  const Authorizer& authorizer_;
  const Target& target_;
  const Addressing& request_;
  const std::int64_t now_nanos_;
};

// The condition keys of a request that the service makes to KMS in its caller's name.
class Authorizer::KeyRequestKeys final : public ConditionKeys {
 public:
  KeyRequestKeys(const Authorizer& authorizer, const EncryptionContext& context,
                 std::int64_t now_nanos)
      : authorizer_(authorizer), context_(context), now_nanos_(now_nanos) {}

  void Find(std::string_view key, KeyValues& values) const override {
    constexpr std::string_view kContext = "kms:encryptioncontext:";
    const EngineOptions& options = authorizer_.account_.options;
    if (key == "kms:viaservice") {
      values.AddMade("kinesis." + options.region + ".amazonaws.com");
    } else if (key == "kms:calleraccount") {
      values.Add(authorizer_.caller().account_id());
    } else if (key.starts_with(kContext)) {
      for (const auto& [name, value] : context_) {
        if (EqualIgnoringCase(name, key.substr(kContext.size()))) values.Add(value);
      }
    } else if (key == "aws:viaawsservice") {
      values.Add("true");
    } else if (key == "aws:requestedregion") {
      values.Add(options.region);
    } else if (key == "aws:resourceaccount") {
      values.Add(options.account_id);
    } else {
      authorizer_.caller().Find(key, values);
      if (values.values().empty()) FindTime(key, absl::FromUnixNanos(now_nanos_), values);
    }
  }

 private:
  const Authorizer& authorizer_;
  const EncryptionContext& context_;
  const std::int64_t now_nanos_;
};

Authorizer::Authorizer(Account& account, Principal principal)
    : account_(account),
      principal_(std::move(principal)),
      limited_(
          principal_.type != PrincipalType::kRoot ||
          (!principal_.account_id.empty() && principal_.account_id != account.options.account_id) ||
          !principal_.service_control_policies.empty() || principal_.via_endpoint.has_value()),
      needed_(limited_ ? kAlways : account.has_resource_policies) {}

const Authorizer::Prepared& Authorizer::prepared() const {
  absl::call_once(prepare_once_, [this] {
    prepared_.emplace(Prepared{.caller = Caller(principal_, account_.options.account_id,
                                                PartitionOf(account_.options.region)),
                               .stream_arn_prefix = account_.StreamArn("")});
  });
  return *prepared_;
}

absl::Status Authorizer::Authorize(Operation operation, const Addressing& request,
                                   std::int64_t now_nanos) const {
  const EpochGuard guard;
  Target target;
  if (!Resolve(operation, request, now_nanos, target)) return absl::OkStatus();
  const ResourceLevel level = LevelOf(operation);
  const bool has_resource =
      level != ResourceLevel::kNone &&
      (level != ResourceLevel::kNoneInTable || account_.options.lenient_resource_level);
  RIACHO_RETURN_IF_ERROR(
      Ask(operation, target, has_resource ? target.arn : "*", request, now_nanos));
  if (request.tags != nullptr && !request.tags->empty()) {
    if (operation == Operation::kCreateStream) {
      RIACHO_RETURN_IF_ERROR(
          Ask(Operation::kAddTagsToStream, target, target.arn, request, now_nanos));
    } else if (operation == Operation::kRegisterStreamConsumer) {
      // The consumer is still to be made; its ARN will end in this second.
      AimAtConsumer(*request.consumer_name, now_nanos / 1'000'000'000, target);
      RIACHO_RETURN_IF_ERROR(Ask(Operation::kTagResource, target, target.arn, request, now_nanos));
    }
  }
  if (request.key_id.has_value() && (operation == Operation::kStartStreamEncryption ||
                                     operation == Operation::kStopStreamEncryption)) {
    const std::string key_arn = account_.key_store->KeyArn(*request.key_id);
    const std::string_view owner = AccountOf(key_arn);
    // What is no whole ARN means a key of this account that does not exist.
    const Target key = {.account_id =
                            std::string(owner.empty() ? account_.options.account_id : owner)};
    RIACHO_RETURN_IF_ERROR(Ask(operation, key, key_arn, request, now_nanos));
  }
  return CheckReach(operation, target);
}

absl::Status Authorizer::AuthorizeKey(KeyOperation operation, const std::string& key_arn,
                                      const EncryptionContext& context, bool granted,
                                      std::int64_t now_nanos) const {
  if (!limited_) return absl::OkStatus();
  const std::string action = "kms:" + std::string(KeyOperationName(operation));
  const KeyRequestKeys keys(*this, context, now_nanos);
  const AccessQuery query = {.caller = caller(),
                             .action = action,
                             .resource = key_arn,
                             .resource_account = account_.options.account_id,
                             .resource_policy = nullptr,
                             .keys = keys,
                             .by_service = true};
  const Verdict verdict = Evaluate(query);
  const bool denied = verdict.statement != nullptr;  // explicitly
  if (verdict.allowed || (granted && !denied)) return absl::OkStatus();
  return MakeError(ErrorCode::kKmsAccessDenied, DenialText(query, verdict));
}

bool Authorizer::Resolve(Operation operation, const Addressing& request, std::int64_t now_nanos,
                         Target& target) const {
  const std::string& own_account = account_.options.account_id;
  switch (LevelOf(operation)) {
    case ResourceLevel::kNone:
      target.account_id = caller().account_id();
      return true;
    case ResourceLevel::kResourceArn:
      return request.resource_arn.has_value() &&
             ResolveResourceArn(*request.resource_arn, now_nanos, target);
    case ResourceLevel::kConsumer:
      return ResolveConsumer(request, now_nanos, target);
    case ResourceLevel::kChannel:
      if (!request.channel_arn.has_value()) return false;
      target.account_id = std::string(AccountOf(*request.channel_arn));
      target.arn = *request.channel_arn;
      return true;
    case ResourceLevel::kNewChannel:
      target.account_id = caller().account_id();
      target.SetArn("arn:" + std::string(PartitionOf(account_.options.region)) +
                    ":kinesis:" + account_.options.region + ":" + target.account_id + ":channel/*");
      return true;
    case ResourceLevel::kStream:
    case ResourceLevel::kNoneInTable:
      break;
  }
  std::optional<std::string> stream;
  if (operation == Operation::kGetRecords && request.shard_iterator.has_value()) {
    stream = StreamOfIterator(*request.shard_iterator, account_.token_key);
  } else if (operation == Operation::kListShards && request.next_token.has_value()) {
    stream = StreamOfNextToken(*request.next_token, account_.token_key);
  } else if (request.stream_arn.has_value()) {
    return ResolveStreamArn(*request.stream_arn, now_nanos, target);
  } else if (request.stream_name.has_value()) {
    target.bare_name = request.stream_name;
    ResolveName(*request.stream_name, caller().account_id(), now_nanos, target);
    return true;
  }
  if (!stream.has_value()) return false;
  ResolveName(*stream, own_account, now_nanos, target);
  return true;
}

void Authorizer::ResolveName(std::string_view name, std::string_view account_id,
                             std::int64_t now_nanos, Target& target) const {
  const EngineOptions& options = account_.options;
  target.account_id = std::string(account_id);
  if (account_id == options.account_id) {
    target.stream = account_.streams.Find(name, now_nanos);
    if (target.stream != nullptr) {
      target.arn = target.stream->arn();
      target.policy = target.stream->policy();
      return;
    }
  }
  target.SetArn(Arn{.partition = std::string(PartitionOf(options.region)),
                    .region = options.region,
                    .account_id = target.account_id,
                    .stream_name = std::string(name)}
                    .ToString());
}

// What the operation will take for a stream of this engine is authorised under that stream's own
// ARN, however the request spells it: the operations take a consumer's ARN for its stream's.
bool Authorizer::ResolveStreamArn(std::string_view arn, std::int64_t now_nanos,
                                  Target& target) const {
  const EngineOptions& options = account_.options;
  const std::string& prefix = prepared().stream_arn_prefix;
  if (arn.starts_with(prefix)) {
    const std::string_view name = arn.substr(prefix.size());
    if (!name.empty() && name.find_first_of("/:") == std::string_view::npos) {
      ResolveName(name, options.account_id, now_nanos, target);
      return true;
    }
  }
  std::optional<Arn> parsed = Arn::Parse(arn);
  if (!parsed.has_value()) return false;
  if (parsed->account_id == options.account_id && parsed->region == options.region) {
    ResolveName(parsed->stream_name, options.account_id, now_nanos, target);
    return true;
  }
  parsed->consumer_name.clear();
  target.account_id = parsed->account_id;
  target.SetArn(parsed->ToString());
  return true;
}

bool Authorizer::ResolveResourceArn(std::string_view arn, std::int64_t now_nanos,
                                    Target& target) const {
  if (!ResolveStreamArn(arn, now_nanos, target)) return false;
  const std::optional<Arn> parsed = Arn::Parse(arn);
  if (!parsed->consumer_name.empty())
    AimAtConsumer(parsed->consumer_name, parsed->consumer_creation_seconds, target);
  return true;
}

bool Authorizer::ResolveConsumer(const Addressing& request, std::int64_t now_nanos,
                                 Target& target) const {
  if (request.consumer_arn.has_value())
    return ResolveResourceArn(*request.consumer_arn, now_nanos, target);
  if (!request.stream_arn.has_value() || !request.consumer_name.has_value()) return false;
  if (!ResolveStreamArn(*request.stream_arn, now_nanos, target)) return false;
  AimAtConsumer(*request.consumer_name, std::nullopt, target);
  return true;
}

// From a stream to one of its consumers. A consumer that is not there has no creation second: 0.
void Authorizer::AimAtConsumer(std::string_view name, std::optional<std::int64_t> creation_seconds,
                               Target& target) const {
  target.policy = nullptr;
  target.consumer = {.name = std::string(name), .creation_seconds = creation_seconds.value_or(0)};
  if (target.stream != nullptr) {
    const absl::StatusOr<Consumer> found =
        target.stream->DescribeConsumer(target.consumer->name, creation_seconds);
    if (found.ok()) {
      target.consumer->creation_seconds = absl::ToUnixSeconds(found->consumer_creation_timestamp);
      absl::StatusOr<std::optional<Policy>> policy =
          target.stream->ConsumerPolicy(*target.consumer);
      if (policy.ok()) target.consumer_policy = *std::move(policy);
      if (target.consumer_policy.has_value()) target.policy = &*target.consumer_policy;
    }
  }
  target.SetArn(std::string(target.arn) + "/consumer/" + target.consumer->name + ":" +
                std::to_string(target.consumer->creation_seconds));
}

absl::Status Authorizer::Ask(Operation operation, const Target& target, std::string_view resource,
                             const Addressing& request, std::int64_t now_nanos) const {
  if (!limited_ && target.policy == nullptr) return absl::OkStatus();
  const RequestKeys keys(*this, target, request, now_nanos);
  const AccessQuery query = {.caller = caller(),
                             .action = ActionName(operation),
                             .resource = resource,
                             .resource_account = target.account_id,
                             .resource_policy = target.policy,
                             .keys = keys};
  const Verdict verdict = Evaluate(query);
  if (verdict.allowed) return absl::OkStatus();
  return MakeError(ErrorCode::kAccessDenied, DenialText(query, verdict));
}

absl::Status Authorizer::CheckReach(Operation operation, const Target& target) const {
  if (caller().account_id() == account_.options.account_id) return absl::OkStatus();
  if (target.bare_name.has_value() && operation != Operation::kCreateStream) {
    return MakeError(ErrorCode::kResourceNotFound, "Stream " + std::string(*target.bare_name) +
                                                       " under account " + caller().account_id() +
                                                       " not found.");
  }
  if (target.account_id == account_.options.account_id) return absl::OkStatus();
  return MakeError(ErrorCode::kUnrecognizedClient, "No account found for the given parameters");
}

}  // namespace riacho::internal
