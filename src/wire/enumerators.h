// The names of enumerators on the wire.
#pragma once

#include <optional>
#include <string_view>

#include "riacho/client/channel_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/settings_requests.h"
#include "riacho/client/shard_requests.h"
#include "riacho/model/consumer.h"
#include "riacho/model/error.h"
#include "riacho/model/stream_description.h"

namespace riacho::internal {

// Of an entry of PutRecords, where the service leaves the word Exception out for one of the two.
inline std::string_view EntryErrorName(ErrorCode code) {
  return code == ErrorCode::kInternalFailure ? "InternalFailure" : ErrorCodeName(code);
}

// The function that names them.
template <typename Enum>
constexpr std::string_view (*kNameOf)(Enum) = nullptr;

template <>
inline constexpr auto kNameOf<ChannelDestinationType> = &ChannelDestinationTypeName;
template <>
inline constexpr auto kNameOf<ChannelStatus> = &ChannelStatusName;
template <>
inline constexpr auto kNameOf<ConsumerStatus> = &ConsumerStatusName;
template <>
inline constexpr auto kNameOf<EncryptionType> = &EncryptionTypeName;
template <>
inline constexpr auto kNameOf<ErrorCode> = &EntryErrorName;
template <>
inline constexpr auto kNameOf<MetricsName> = &MetricsNameName;
template <>
inline constexpr auto kNameOf<MinimumThroughputBillingCommitmentStatus> =
    &MinimumThroughputBillingCommitmentStatusName;
template <>
inline constexpr auto kNameOf<PartitionTransform> = &PartitionTransformName;
template <>
inline constexpr auto kNameOf<RecordDistributionStrategy> = &RecordDistributionStrategyName;
template <>
inline constexpr auto kNameOf<RecordFormatType> = &RecordFormatTypeName;
template <>
inline constexpr auto kNameOf<S3CompressionType> = &S3CompressionTypeName;
template <>
inline constexpr auto kNameOf<S3StorageClass> = &S3StorageClassName;
template <>
inline constexpr auto kNameOf<S3TablesCompressionType> = &S3TablesCompressionTypeName;
template <>
inline constexpr auto kNameOf<ScalingType> = &ScalingTypeName;
template <>
inline constexpr auto kNameOf<ShardFilterType> = &ShardFilterTypeName;
template <>
inline constexpr auto kNameOf<ShardIteratorType> = &ShardIteratorTypeName;
template <>
inline constexpr auto kNameOf<StreamMode> = &StreamModeName;
template <>
inline constexpr auto kNameOf<StreamStatus> = &StreamStatusName;

// The enumerator of that name; nothing for other texts.
template <typename Enum>
std::optional<Enum> FindEnumerator(std::string_view name) {
  for (int i = 0;; ++i) {
    const auto value = static_cast<Enum>(i);
    const std::string_view known = kNameOf<Enum>(value);
    if (known == "UNKNOWN") return std::nullopt;
    if (known == name) return value;
  }
}

template <>
inline std::optional<ErrorCode> FindEnumerator(std::string_view name) {
  if (name == EntryErrorName(ErrorCode::kInternalFailure)) return ErrorCode::kInternalFailure;
  return ParseErrorCode(name);
}

}  // namespace riacho::internal
