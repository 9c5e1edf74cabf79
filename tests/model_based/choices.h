// The members of random requests: mostly sensible ones for the streams there are, at times others.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model_based/reference_service.h"
#include "riacho/base/random.h"

namespace riacho::model_based {

// Random numbers in the forms that tests want them. A value.
struct Dice {
  Random random = Random(0);

  bool OneIn(std::uint64_t n) { return random.Uniform(n) == 0; }
  std::int64_t Between(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(random.Uniform(static_cast<std::uint64_t>(most - least + 1)));
  }
  template <typename T>
  const T& OneOf(const std::vector<T>& items) {
    return items[random.Uniform(items.size())];
  }
};

// Deterministic: the same random numbers and the same reference give the same choices. Confined.
class Choices : public Dice {
 public:
  explicit Choices(const ReferenceService& reference) : reference_(reference) {}

  // A stream that exists; null when there is none.
  std::shared_ptr<ReferenceStream> Stream();
  std::string NewStreamName();
  // How a request addresses a stream: `stream` as a rule.
  struct Address {
    std::optional<std::string> name = {};
    std::optional<std::string> arn = {};
  };
  Address AddressOf(const ReferenceStream* stream);
  std::optional<std::string> ArnOf(const ReferenceStream* stream);
  template <typename Request>
  void AddressStream(Request& request, const ReferenceStream* stream) {
    const Address address = AddressOf(stream);
    request.stream_name = address.name;
    request.stream_arn = address.arn;
  }

  // Null when the stream is null.
  const ReferenceShard* ShardOf(const ReferenceStream* stream);
  const ReferenceShard* OpenShardOf(const ReferenceStream* stream);
  std::optional<std::string> TextOf(const ReferenceShard* shard);
  std::optional<std::string> SplitKey(const ReferenceShard* shard);
  std::int64_t TargetShardCount(const ReferenceStream* stream);
  std::int64_t RetentionHours(const ReferenceStream* stream);

  std::string_view PartitionKey();
  std::optional<std::string> ExplicitHashKey();
  std::string_view Data();
  // As many bytes as the shard takes now beside the key, or one less or more.
  std::string_view DataThatFits(ReferenceShard& shard, std::string_view key,
                                std::int64_t now_nanos);
  std::optional<std::int64_t> Limit();

  StreamMode Mode();
  std::int64_t WarmThroughput();
  std::vector<MetricsName> Metrics();
  std::map<std::string, std::string> Tags();
  std::vector<std::string> TagKeys();
  std::string TagKey();
  std::optional<std::string> ChannelArn();
  std::string KeyName();
  // For a stream or a consumer. Does not keep the account from reading records.
  NaivePolicy ResourcePolicy(const std::string& arn, const std::vector<NaiveCaller>& callers);
  // Of a stream or of one of its consumers.
  std::string ResourceArn(const ReferenceStream* stream);

  ShardIteratorType IteratorType();
  // A number for `shard`, and other numbers.
  std::string NumberText(const ReferenceStream* stream, const ReferenceShard* shard);
  absl::Time Timestamp(const ReferenceShard* shard, std::int64_t now_nanos);
  std::string ConsumerName(const ReferenceStream* stream);
  std::string ConsumerArn(const ReferenceStream* stream);

  std::vector<std::string> key_ids = {};          // and whoever makes keys, these
  std::vector<SequenceNumber> seen_numbers = {};  // whoever sees some adds them

 private:
  const ReferenceService& reference_;
};

}  // namespace riacho::model_based
