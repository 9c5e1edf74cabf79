// The members of requests that change settings.
#include "absl/strings/str_cat.h"

#include "model_based/choices.h"

namespace riacho::model_based {

StreamMode Choices::Mode() { return OneIn(3) ? StreamMode::kProvisioned : StreamMode::kOnDemand; }

std::int64_t Choices::WarmThroughput() {
  switch (Between(0, 7)) {
    case 0:
    case 1:
      return 0;
    case 2:
      return OneOf<std::int64_t>({-1, 10240, 10241, 7});
    default:
      return Between(1, 9);
  }
}

std::vector<MetricsName> Choices::Metrics() {
  std::vector<MetricsName> names;
  std::int64_t count = Between(1, 3);
  if (OneIn(30)) count = OneOf<std::int64_t>({0, 7, 8});
  for (std::int64_t i = 0; i < count; ++i) {
    names.push_back(OneIn(8) ? MetricsName::kAll : static_cast<MetricsName>(Between(0, 6)));
  }
  return names;
}

std::string Choices::TagKey() {
  if (OneIn(30)) {
    return OneOf<std::string>({"aws:owner", "100%", "no#key", "", std::string(129, 'k')});
  }
  if (OneIn(4)) return "env";
  return OneOf<std::string>({"team", "größe", "a/b:c=d+e-f@g.h_i", "cost center", "日本", "z"});
}

std::map<std::string, std::string> Choices::Tags() {
  std::map<std::string, std::string> tags;
  std::int64_t count = Between(1, 3);
  if (OneIn(40)) count = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    tags[TagKey()] = OneOf<std::string>({"prod", "test", ""});
  }
  if (OneIn(60)) tags["team"] = OneOf<std::string>({"50%", "!", std::string(257, 'v')});
  if (OneIn(100)) {
    const std::int64_t many = OneOf<std::int64_t>({30, 49, 201});
    for (std::int64_t i = 0; i < many; ++i) tags[absl::StrCat("key-", i)] = "many";
  }
  return tags;
}

std::vector<std::string> Choices::TagKeys() {
  std::vector<std::string> keys;
  std::int64_t count = Between(1, 3);
  if (OneIn(40)) count = OneOf<std::int64_t>({0, 50, 51});
  for (std::int64_t i = 0; i < count; ++i) {
    keys.push_back(count < 50 ? TagKey() : absl::StrCat("key-", i));
  }
  return keys;
}

std::string Choices::KeyName() {
  if (OneIn(30)) return OneOf<std::string>({"alias/none", "key-9", "arn:aws:kms:nowhere"});
  if (OneIn(4)) return "alias/aws/kinesis";
  std::string name = OneOf(key_ids);
  if (OneIn(2)) name = "alias/" + name;
  if (!OneIn(4)) return name;
  return "arn:aws:kms:us-east-1:123456789012:" +
         (name.starts_with("alias/") ? name : "key/" + name);
}

std::optional<std::string> Choices::ChannelArn() {
  if (OneIn(8)) return std::nullopt;
  return "arn:aws:kinesis:us-east-1:123456789012:channel/abc";
}

std::string Choices::ResourceArn(const ReferenceStream* stream) {
  if (OneIn(3)) return ConsumerArn(stream);
  return ArnOf(stream).value_or("arn:nonsense");
}

}  // namespace riacho::model_based
