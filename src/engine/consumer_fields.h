// Consumer operations: what their requests must be like.
#pragma once

#include <tuple>

#include "engine/fields.h"
#include "engine/record_fields.h"
#include "riacho/client/consumer_requests.h"

namespace riacho::internal {

inline constexpr TextShape kConsumerArnShape = {
    .least = 1, .most = 2048, .pattern = kConsumerArnPattern};

template <>
struct Fields<StartingPosition> {
  using R = StartingPosition;
  static constexpr std::tuple kRows = {
      Required("type", &R::type, kShardIteratorTypeShape),
      Optional("sequenceNumber", &R::sequence_number, kSequenceNumberShape),
      Optional("timestamp", &R::timestamp, kAnyShape)};
};

template <>
struct Fields<RegisterStreamConsumerRequest> {
  using R = RegisterStreamConsumerRequest;
  static constexpr std::tuple kRows = {
      Required("streamARN", &R::stream_arn, kStreamArnShape),
      Required("consumerName", &R::consumer_name, kConsumerNameShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Optional("tags", &R::tags, kTagMapShape)};
};

template <>
struct Fields<DeregisterStreamConsumerRequest> {
  using R = DeregisterStreamConsumerRequest;
  static constexpr std::tuple kRows = {
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("consumerName", &R::consumer_name, kConsumerNameShape),
      Optional("consumerARN", &R::consumer_arn, kConsumerArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DescribeStreamConsumerRequest> {
  using R = DescribeStreamConsumerRequest;
  static constexpr std::tuple kRows = {
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("consumerName", &R::consumer_name, kConsumerNameShape),
      Optional("consumerARN", &R::consumer_arn, kConsumerArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<ListStreamConsumersRequest> {
  using R = ListStreamConsumersRequest;
  static constexpr std::tuple kRows = {
      Required("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("nextToken", &R::next_token, kNextTokenShape),
      Optional("maxResults", &R::max_results, kPageLimitShape),
      Optional("streamCreationTimestamp", &R::stream_creation_timestamp, kAnyShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<SubscribeToShardRequest> {
  using R = SubscribeToShardRequest;
  static constexpr std::tuple kRows = {
      Required("consumerARN", &R::consumer_arn, kConsumerArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Required("shardId", &R::shard_id, kShardIdShape),
      Required("startingPosition", &R::starting_position, kStructureShape),
      Optional("dryRun", &R::dry_run, kAnyShape)};
};

}  // namespace riacho::internal
