// Consumer operations: their members on the wire.
#pragma once

#include <tuple>

#include "riacho/client/consumer_requests.h"
#include "riacho/model/consumer.h"
#include "wire/members.h"

namespace riacho::internal {

template <>
struct Members<Consumer> {
  using R = Consumer;
  static constexpr std::tuple kRows = {
      Member("ConsumerName", &R::consumer_name), Member("ConsumerARN", &R::consumer_arn),
      Member("ConsumerStatus", &R::consumer_status),
      Member("ConsumerCreationTimestamp", &R::consumer_creation_timestamp)};
};

template <>
struct Members<ConsumerDescription> {
  using R = ConsumerDescription;
  static constexpr std::tuple kRows = {
      Member("ConsumerName", &R::consumer_name), Member("ConsumerARN", &R::consumer_arn),
      Member("ConsumerStatus", &R::consumer_status),
      Member("ConsumerCreationTimestamp", &R::consumer_creation_timestamp),
      Member("StreamARN", &R::stream_arn)};
};

template <>
struct Members<RegisterStreamConsumerResponse> {
  using R = RegisterStreamConsumerResponse;
  static constexpr std::tuple kRows = {Member("Consumer", &R::consumer)};
};

template <>
struct Members<RegisterStreamConsumerRequest> {
  using R = RegisterStreamConsumerRequest;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn), Member("ConsumerName", &R::consumer_name),
      Member("StreamId", &R::stream_id), NonEmpty("Tags", &R::tags)};
};

template <>
struct Members<DeregisterStreamConsumerRequest> {
  using R = DeregisterStreamConsumerRequest;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn), Member("ConsumerName", &R::consumer_name),
      Member("ConsumerARN", &R::consumer_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DescribeStreamConsumerResponse> {
  using R = DescribeStreamConsumerResponse;
  static constexpr std::tuple kRows = {Member("ConsumerDescription", &R::consumer_description)};
};

template <>
struct Members<DescribeStreamConsumerRequest> {
  using R = DescribeStreamConsumerRequest;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn), Member("ConsumerName", &R::consumer_name),
      Member("ConsumerARN", &R::consumer_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<ListStreamConsumersResponse> {
  using R = ListStreamConsumersResponse;
  static constexpr std::tuple kRows = {Member("Consumers", &R::consumers),
                                       Member("NextToken", &R::next_token)};
};

template <>
struct Members<ListStreamConsumersRequest> {
  using R = ListStreamConsumersRequest;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn), Member("NextToken", &R::next_token),
      Member("MaxResults", &R::max_results),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp),
      Member("StreamId", &R::stream_id)};
};

template <>
struct Members<StartingPosition> {
  using R = StartingPosition;
  static constexpr std::tuple kRows = {Member("Type", &R::type),
                                       Member("SequenceNumber", &R::sequence_number),
                                       Member("Timestamp", &R::timestamp)};
};

template <>
struct Members<SubscribeToShardRequest> {
  using R = SubscribeToShardRequest;
  static constexpr std::tuple kRows = {
      Member("ConsumerARN", &R::consumer_arn), Member("StreamId", &R::stream_id),
      Member("ShardId", &R::shard_id), Member("StartingPosition", &R::starting_position),
      Member("DryRun", &R::dry_run)};
};

template <>
struct Members<SubscribeToShardEvent> {
  using R = SubscribeToShardEvent;
  static constexpr std::tuple kRows = {
      Member("Records", &R::records),
      Member("ContinuationSequenceNumber", &R::continuation_sequence_number),
      Member("MillisBehindLatest", &R::millis_behind_latest),
      NonEmpty("ChildShards", &R::child_shards)};
};

}  // namespace riacho::internal
