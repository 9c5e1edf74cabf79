#include "model_based/choices.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace riacho::model_based {
namespace {

constexpr std::size_t kLargestRecord = 1024 * 1024;
constexpr std::size_t kLargestData = 10 * 1024 * 1024;
constexpr std::string_view kTwoTo128 = "340282366920938463463374607431768211456";

// Bytes to cut data from; requests and the reference only refer to them.
const std::string& Noise() {
  static const std::string* const kNoise = [] {
    auto* const noise = new std::string(2 * kLargestRecord, '\0');
    Random random(1);
    for (char& c : *noise) c = static_cast<char>(random.Next());
    return noise;
  }();
  return *kNoise;
}

const std::vector<std::string>& PartitionKeys() {
  static const auto* const kKeys = [] {
    auto* const keys = new std::vector<std::string>;
    for (int i = 0; i < 60; ++i) keys->push_back("key-" + std::to_string(i));
    keys->push_back("日本");
    keys->push_back(std::string("\0\xff", 2));
    keys->push_back(std::string(256, 'x'));
    std::string wide;
    for (int i = 0; i < 256; ++i) wide += "本";
    keys->push_back(wide);
    return keys;
  }();
  return *kKeys;
}

// Whether the number, of another stream made in the same second, would be one of the shard's that
// has not been given out: where exactly it lies then, only its future records tell.
bool MayLieAhead(const ReferenceShard& shard, const SequenceNumber& number) {
  const SequenceNumber::Fields fields = *number.Decode();
  if (fields.shard_number != shard.number || fields.shard_create_seconds != shard.create_seconds) {
    return false;
  }
  return shard.records.empty() || shard.records.back().number.Decode()->index < fields.index;
}

}  // namespace

std::shared_ptr<ReferenceStream> Choices::Stream() {
  const auto& streams = reference_.streams();
  if (streams.empty()) return nullptr;
  return std::next(streams.begin(), Between(0, static_cast<std::int64_t>(streams.size()) - 1))
      ->second;
}

std::string Choices::NewStreamName() {
  if (OneIn(30)) return OneOf<std::string>({"no name!", std::string(129, 'n'), ""});
  return absl::StrCat("stream-", Between(0, 4));
}

Choices::Address Choices::AddressOf(const ReferenceStream* stream) {
  const std::string name = stream == nullptr || OneIn(60) ? "absent" : stream->name;
  const std::string arn = reference_.ArnOf(name);
  switch (Between(0, 99)) {
    case 0:
      return {};
    case 1:
      return {.name = name, .arn = reference_.ArnOf("another")};
    case 2:
      return {.arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/" + name};
    case 3:
      return {.arn = "arn:aws:kinesis:us-east-1:210987654321:stream/" + name};
    case 4:
      return {.name = name, .arn = "arn:nonsense"};
    case 5:
      return {.name = "no name!"};
    case 6:
    case 7:
    case 8:
      return {.name = name, .arn = arn};
    case 9:
    case 10:
    case 11:
    case 12:
      return {.arn = arn};
    default:
      return {.name = name};
  }
}

std::optional<std::string> Choices::ArnOf(const ReferenceStream* stream) {
  const Address address = AddressOf(stream);
  if (address.arn.has_value() || OneIn(40)) return address.arn;
  return reference_.ArnOf(address.name.value_or("absent"));
}

const ReferenceShard* Choices::ShardOf(const ReferenceStream* stream) {
  if (stream == nullptr) return nullptr;
  if (!OneIn(3)) return OpenShardOf(stream);
  return std::next(stream->shards.begin(),
                   Between(0, static_cast<std::int64_t>(stream->shards.size()) - 1))
      ->second.get();
}

const ReferenceShard* Choices::OpenShardOf(const ReferenceStream* stream) {
  if (stream == nullptr) return nullptr;
  std::vector<const ReferenceShard*> open;
  for (const auto& [number, shard] : stream->shards) {
    if (shard->listed && (shard->takes_puts || !shard->end_seconds.has_value())) {
      open.push_back(shard.get());
    }
  }
  return open.empty() ? stream->shards.begin()->second.get() : OneOf(open);
}

std::optional<std::string> Choices::TextOf(const ReferenceShard* shard) {
  const std::uint32_t number = shard == nullptr ? 0 : shard->number;
  switch (Between(0, 59)) {
    case 0:
      return "shardless";
    case 1:
      return "no id!";
    case 2:
      return "2147483648";
    case 3:
      return std::nullopt;
    case 4:
      return absl::StrCat("shardId-", number + 1000);
    case 5:
      return absl::StrCat(number);
    case 6:
      return absl::StrCat("x-", number);
    default:
      return ShardId{number}.ToString();
  }
}

std::optional<std::string> Choices::SplitKey(const ReferenceShard* shard) {
  if (shard == nullptr) return "1";
  const absl::uint128 start = shard->range.starting_hash_key.value;
  const absl::uint128 end = shard->range.ending_hash_key.value;
  const absl::uint128 anywhere = absl::MakeUint128(random.Next(), random.Next());
  const auto text = [](absl::uint128 key) { return HashKey{key}.ToString(); };
  switch (Between(0, 23)) {
    case 0:
      return text(start + 2);
    case 1:
      return text(end - 1);
    case 2:
      return text(start + 1);
    case 3:
      return text(start);
    case 4:
      return text(end);
    case 5:
      return text(anywhere);
    case 6:
      return std::string(kTwoTo128);
    case 7:
      return "0" + text(anywhere);
    case 8:
      return std::nullopt;
    case 9: {
      const std::vector<absl::uint128> boundaries = UniformBoundaries(Between(1, 16));
      return text(OneOf(boundaries) + static_cast<std::uint64_t>(Between(0, 2)));
    }
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
      return text(end - start < 4 ? start : start + anywhere % (end - start));
    default:
      return text(start + (end - start) / 2 + 1);
  }
}

std::int64_t Choices::TargetShardCount(const ReferenceStream* stream) {
  const std::int64_t present = stream == nullptr ? 1 : stream->OpenShardCount();
  const std::int64_t half = std::max<std::int64_t>(1, present / 2);
  if (present > 40) return half;  // large streams show no more, and take their time
  switch (Between(0, 9)) {
    case 0:
      return 2 * present;
    case 1:
      return 2 * present + 1;
    case 2:
      return present / 2;
    case 3:
      return present / 2 - 1;
    case 4:
      return present;
    case 5:
      return OneIn(4) ? 20000 : 0;
    default:
      return Between(half, std::max(half, std::min<std::int64_t>(16, 2 * present)));
  }
}

std::int64_t Choices::RetentionHours(const ReferenceStream* stream) {
  const std::int64_t present = stream == nullptr ? 24 : stream->retention_hours;
  switch (Between(0, 7)) {
    case 0:
      return present;
    case 1:
      return OneOf<std::int64_t>({23, 8761, -1, 0, 8760});
    case 2:
      return 24;
    case 3:
      return present - 1;
    default:
      return present + Between(-30, 30);
  }
}

std::string_view Choices::PartitionKey() {
  if (OneIn(3)) return "hot";
  return OneOf(PartitionKeys());
}

std::optional<std::string> Choices::ExplicitHashKey() {
  if (!OneIn(8)) return std::nullopt;
  switch (Between(0, 11)) {
    case 0:
      return "0";
    case 1:
      return HashKey::Max().ToString();
    default:
      return HashKey{absl::MakeUint128(random.Next(), random.Next())}.ToString();
  }
}

std::string_view Choices::Data() {
  std::size_t most = 64;
  const std::int64_t dice = Between(0, 999);
  if (dice < 300) most = 2000;
  if (dice < 30) most = 40'000;
  if (dice < 5) most = kLargestRecord + 100;
  if (dice == 0 && OneIn(20)) {
    static const std::string* const kZeros = new std::string(kLargestData + 1, '\0');
    return std::string_view(*kZeros).substr(0, kLargestData + random.Uniform(2));
  }
  const std::size_t size = random.Uniform(most + 1);
  return std::string_view(Noise()).substr(random.Uniform(kLargestRecord - 100), size);
}

std::string_view Choices::DataThatFits(ReferenceShard& shard, std::string_view key,
                                       std::int64_t now_nanos) {
  const std::int64_t size =
      shard.write_bytes.Left(now_nanos) - static_cast<std::int64_t>(key.size()) + Between(-1, 1);
  if (size < 0 || size > static_cast<std::int64_t>(kLargestRecord)) return Data();
  return std::string_view(Noise()).substr(random.Uniform(kLargestRecord - 100),
                                          static_cast<std::size_t>(size));
}

std::optional<std::int64_t> Choices::Limit() {
  const std::int64_t dice = Between(0, 99);
  if (dice < 55) return std::nullopt;
  if (dice < 96) return Between(1, 12);
  return OneOf<std::int64_t>({0, 10001, 10000, -1});
}

ShardIteratorType Choices::IteratorType() {
  return OneOf<ShardIteratorType>({ShardIteratorType::kTrimHorizon, ShardIteratorType::kTrimHorizon,
                                   ShardIteratorType::kLatest, ShardIteratorType::kAtSequenceNumber,
                                   ShardIteratorType::kAfterSequenceNumber,
                                   ShardIteratorType::kAtTimestamp});
}

std::string Choices::NumberText(const ReferenceStream* stream, const ReferenceShard* shard) {
  const std::int64_t dice = Between(0, 39);
  if (dice == 0) return OneOf<std::string>({"0", "12345", "01", "x", std::string(60, '9')});
  if (shard == nullptr || dice < 3) {
    if (seen_numbers.empty()) return "0";
    const SequenceNumber seen = OneOf(seen_numbers);
    return shard == nullptr || !MayLieAhead(*shard, seen) ? seen.ToString() : "0";
  }
  if (dice < 7) return shard->StartingNumber().ToString();
  if (dice < 10 && shard->end_seconds.has_value()) return shard->EndingNumber().ToString();
  if (dice < 12) shard = ShardOf(stream);
  if (shard->records.empty()) return shard->StartingNumber().ToString();
  const SequenceNumber last = shard->records.back().number;
  const SequenceNumber number = OneIn(3) ? last : OneOf(shard->records).number;
  if (dice > 14) return number.ToString();
  // A number that may be no record's, of a place that has been given away.
  SequenceNumber::Fields fields = *number.Decode();
  if (OneIn(2)) fields.index = std::min(fields.index + random.Uniform(4), last.Decode()->index);
  if (OneIn(2)) fields.time_seconds += Between(-2, 2);
  return SequenceNumber::Of(fields).ToString();
}

absl::Time Choices::Timestamp(const ReferenceShard* shard, std::int64_t now_nanos) {
  const absl::Time now = absl::FromUnixNanos(now_nanos);
  switch (Between(0, 9)) {
    case 0:
      return absl::UnixEpoch();
    case 1:
      return now;
    case 2:
      return now + absl::Milliseconds(Between(0, 2));
    case 3:
      return now - absl::Hours(24) + absl::Milliseconds(Between(-1, 2));
    case 4:
      return now - absl::Seconds(Between(0, 60));
    case 5:
      return now - absl::Minutes(Between(0, 3000)) + absl::Microseconds(Between(0, 5000));
    default:
      if (shard == nullptr || shard->records.empty()) return now;
      return absl::FromUnixMillis(OneOf(shard->records).arrival_millis + Between(-1, 1));
  }
}

std::string Choices::ConsumerName(const ReferenceStream* stream) {
  if (OneIn(40)) return "no name!";
  if (stream != nullptr && !stream->consumers.empty() && !OneIn(4)) {
    return std::next(stream->consumers.begin(),
                     Between(0, static_cast<std::int64_t>(stream->consumers.size()) - 1))
        ->first;
  }
  return absl::StrCat("consumer-", Between(0, 5));
}

std::string Choices::ConsumerArn(const ReferenceStream* stream) {
  if (OneIn(80)) return "arn:nonsense";
  const std::string name = ConsumerName(stream);
  std::int64_t seconds = 1;
  if (stream != nullptr) {
    const auto consumer = stream->consumers.find(name);
    if (consumer != stream->consumers.end() && !OneIn(40)) {
      seconds = consumer->second.creation_seconds;
    }
  }
  return absl::StrCat(stream == nullptr ? reference_.ArnOf("absent") : stream->arn, "/consumer/",
                      name, ":", seconds);
}

}  // namespace riacho::model_based
