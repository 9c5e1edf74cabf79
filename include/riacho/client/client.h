// The door to a stream service: one method per operation of Amazon Kinesis Data Streams.
//
//   riacho::ManualClock clock;
//   riacho::Engine engine(clock);
//   std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
//   absl::StatusOr<riacho::PutRecordResponse> put = kinesis->PutRecord({
//       .stream_name = "orders",
//       .data = "paid",
//       .partition_key = "order-17",
//   });
//
// What a method takes and answers stands in the *_requests.h of its family. To send many small
// records prefer Producer, to read a whole stream prefer Worker.
//
// Every operation may answer, besides the errors listed at it, kValidation (a member is missing or
// breaks a constraint of its own), kAccessDenied and kInternalFailure. "Stream" among the shapes
// means stream_name or stream_arn or both, if they agree; a stream_id must have its form and means
// nothing. A stream that an operation changes must be ACTIVE, or the answer is kResourceInUse;
// where an operation makes it UPDATING, describe operations show the old value until it is ACTIVE
// again.
#pragma once

#include <memory>

#include "absl/status/statusor.h"

#include "riacho/client/channel_requests.h"
#include "riacho/client/consumer_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/settings_requests.h"
#include "riacho/client/shard_requests.h"
#include "riacho/client/stream_requests.h"
#include "riacho/client/subscription.h"

namespace riacho {

// A backend overrides the operations it has; the others answer kUnknownOperation.
//
// The backends of Riacho are thread-safe. A client must not outlive its backend; its answers,
// batches and subscriptions may outlive the client.
class Client {
 public:
  virtual ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // --- stream
  // -------------------------------------------------------------------------------------------------------

  // Begins to create a stream: it is CREATING at once and ACTIVE a few seconds later, with a
  // retention of 24 hours, no encryption and no shard-level metrics. An ON_DEMAND stream starts
  // with 4 shards.
  //
  // Shapes: stream_name: 1-128 of [a-zA-Z0-9_.-], unique in the account; shard_count: at least 1,
  // for PROVISIONED only;
  //         max_record_size_in_kib: 1024-10240, default 1024; tags: as of TagResource, at most 50;
  //         record_distribution_strategy and warm_throughput_mibps: for ON_DEMAND only.
  // Limits: 5 calls per second and 5 streams in CREATING per account; the account's shards, and 50
  //         ON_DEMAND streams.
  // Errors: kResourceInUse (the name exists, be it DELETING), kLimitExceeded, kInvalidArgument,
  //         kValidation (warm throughput without a commitment of the account).
  // Source: API Reference, "CreateStream".
  virtual absl::StatusOr<CreateStreamResponse> CreateStream(const CreateStreamRequest& request);

  // Begins to delete a stream with its shards, records, tags, policy and, if
  // `enforce_consumer_deletion`, consumers: it is DELETING at once and gone a few seconds later. An
  // iterator that is left over then gives kResourceNotFound; a RecordBatch keeps its records.
  //
  // Shapes: stream.
  // Limits: 5 calls per second per account.
  // Errors: kResourceNotFound, kLimitExceeded, kInvalidArgument,
  //         kResourceInUse (has consumers and enforce_consumer_deletion is not true; has active
  //         channels).
  // Source: API Reference, "DeleteStream".
  virtual absl::StatusOr<DeleteStreamResponse> DeleteStream(const DeleteStreamRequest& request);

  // Describes a stream and one page of its shards: open and closed ones that have not expired,
  // ascending by id; none while CREATING. The next page begins at exclusive_start_shard_id = the
  // last id, as long as has_more_shards. Answers in every state.
  //
  // Shapes: stream; limit: 1-10000, default 100, above 100 means 100.
  // Limits: 10 calls per second per account.
  // Errors: kResourceNotFound, kLimitExceeded, kInvalidArgument.
  // Source: API Reference, "DescribeStream".
  virtual absl::StatusOr<DescribeStreamResponse> DescribeStream(
      const DescribeStreamRequest& request);

  // Describes a stream without its shards. Answers in every state; open_shard_count is absent while
  // CREATING and DELETING.
  //
  // Shapes: stream.
  // Limits: 20 calls per second per account.
  // Errors: kResourceNotFound, kLimitExceeded, kInvalidArgument.
  // Source: API Reference, "DescribeStreamSummary".
  virtual absl::StatusOr<DescribeStreamSummaryResponse> DescribeStreamSummary(
      const DescribeStreamSummaryRequest& request);

  // One page of the account's streams, ascending by the bytes of the name, CREATING and DELETING
  // ones included.
  //
  // Shapes: limit: 1-10000, default 100, above 100 means 100; not both of
  // exclusive_start_stream_name (need not exist) and
  //         next_token. A page by next_token has the default limit unless `limit` is given again.
  // Limits: 5 calls per second per account.
  // Errors: kLimitExceeded, kExpiredNextToken, kInvalidArgument (both cursors; not a token).
  // Source: API Reference, "ListStreams".
  virtual absl::StatusOr<ListStreamsResponse> ListStreams(const ListStreamsRequest& request);

  // Switches a stream between PROVISIONED and ON_DEMAND; the stream is UPDATING for a few seconds,
  // and its shards stay as they are. The present mode is accepted, changes nothing and does not
  // count as a switch. A stream on its way back to PROVISIONED must have given up
  // RecordDistributionStrategy AUTO and warm throughput.
  //
  // Shapes: stream_arn; stream_mode_details; warm_throughput_mibps: for ON_DEMAND only, as of
  //         UpdateStreamWarmThroughput.
  // Limits: 2 switches in any 24 hours per stream name, be the stream deleted and created again
  //         meanwhile; the account's shards, and 50 ON_DEMAND streams.
  // Errors: kInvalidArgument, kLimitExceeded, kResourceInUse, kResourceNotFound,
  //         kValidation (warm throughput without a commitment of the account).
  // Source: API Reference, "UpdateStreamMode".
  virtual absl::StatusOr<UpdateStreamModeResponse> UpdateStreamMode(
      const UpdateStreamModeRequest& request);

  // Keeps records longer; the stream is UPDATING for a few seconds. Records already past the old
  // age do not come back. The present value is accepted and changes nothing.
  //
  // Shapes: stream; retention_period_hours: up to 8760, not below the present value.
  // Limits: 5 calls per second per stream.
  // Errors: kResourceInUse, kResourceNotFound, kLimitExceeded, kInvalidArgument (out of range;
  // would be a decrease). Source: API Reference, "IncreaseStreamRetentionPeriod".
  virtual absl::StatusOr<IncreaseStreamRetentionPeriodResponse> IncreaseStreamRetentionPeriod(
      const IncreaseStreamRetentionPeriodRequest& request);

  // Keeps records for a shorter time; the stream is UPDATING for a few seconds. Records past the
  // new age are out of reach at once. The present value is accepted and changes nothing.
  //
  // Shapes: stream; retention_period_hours: at least 24, not above the present value.
  // Limits: 5 calls per second per stream.
  // Errors: kResourceInUse, kResourceNotFound, kLimitExceeded, kInvalidArgument (out of range;
  // would be an increase). Source: API Reference, "DecreaseStreamRetentionPeriod".
  virtual absl::StatusOr<DecreaseStreamRetentionPeriodResponse> DecreaseStreamRetentionPeriod(
      const DecreaseStreamRetentionPeriodRequest& request);

  // Changes the largest size of one record, data and partition key; the stream is UPDATING for a
  // few seconds. Larger records that are stored stay readable. The present size is accepted and
  // changes nothing.
  //
  // Shapes: stream_arn; max_record_size_in_kib: 1024-10240.
  // Errors: kResourceInUse, kResourceNotFound, kLimitExceeded, kInvalidArgument (no stream_arn).
  // Source: API Reference, "UpdateMaxRecordSize".
  virtual absl::StatusOr<UpdateMaxRecordSizeResponse> UpdateMaxRecordSize(
      const UpdateMaxRecordSizeRequest& request);

  // Changes the write rate for which an ON_DEMAND stream holds capacity ready; the stream is
  // UPDATING meanwhile. The target is shown at once, the current value follows with ACTIVE. The
  // present target is accepted and changes nothing.
  //
  // Shapes: stream; warm_throughput_mibps: 0-10240, 0 for none.
  // Limits: 5 calls per second per account.
  // Errors: kResourceNotFound, kLimitExceeded, kResourceInUse,
  //         kInvalidArgument (above the limit; stream is PROVISIONED),
  //         kValidation (no commitment of the account, or one whose end is scheduled).
  // Source: API Reference, "UpdateStreamWarmThroughput".
  virtual absl::StatusOr<UpdateStreamWarmThroughputResponse> UpdateStreamWarmThroughput(
      const UpdateStreamWarmThroughputRequest& request);

  // Chooses who places the records of an ON_DEMAND stream: their partition keys, or with AUTO the
  // service, which spreads them over the open shards. At once, without UPDATING. An AUTO stream
  // ignores keys and explicit hash keys but for showing the keys to readers, takes records without
  // a key, and promises no order among records of one key.
  //
  // Shapes: stream_arn; record_distribution_strategy.
  // Errors: kInvalidArgument (AUTO for a PROVISIONED stream), kLimitExceeded, kResourceInUse,
  //         kResourceNotFound.
  // Source: API of 2026-09-29, "UpdateStreamRecordDistributionStrategy".
  virtual absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse>
  UpdateStreamRecordDistributionStrategy(
      const UpdateStreamRecordDistributionStrategyRequest& request);

  // --- shard
  // --------------------------------------------------------------------------------------------------------

  // One page of a stream's shards that have not expired, ascending by id, all of them or those that
  // pass `shard_filter`. The token carries the stream and the filter.
  //
  // Shapes: stream or next_token; max_results: 1-10000, default 1000, above 1000 means 1000; with
  // next_token neither
  //         exclusive_start_shard_id, stream_creation_timestamp nor shard_filter. A shard_filter
  //         needs shard_id for AFTER_SHARD_ID and timestamp for AT_TIMESTAMP and FROM_TIMESTAMP,
  //         not in the future, not before the trim horizon.
  // Limits: 1000 calls per second per stream; a token is valid for 300 seconds.
  // Errors: kResourceNotFound, kInvalidArgument, kLimitExceeded, kExpiredNextToken, kResourceInUse.
  // Source: API Reference, "ListShards".
  virtual absl::StatusOr<ListShardsResponse> ListShards(const ListShardsRequest& request);

  // Splits an open shard in two at `new_starting_hash_key`, where the upper child begins; the lower
  // child has the lower id. The stream is UPDATING for a few seconds, then the children take the
  // parent's records; what the parent holds can be read until it expires.
  //
  // Shapes: stream; shard_to_split: a shard id; new_starting_hash_key: decimal, greater than the
  // parent's
  //         starting_hash_key + 1 and less than its ending_hash_key, so that each child has at
  //         least two keys.
  // Limits: 5 calls per second per stream; the account's shards.
  // Errors: kResourceNotFound (stream; shard), kResourceInUse, kInvalidArgument (key outside; shard
  // is closed),
  //         kLimitExceeded, kValidation (stream is ON_DEMAND).
  // Source: API Reference, "SplitShard".
  virtual absl::StatusOr<SplitShardResponse> SplitShard(const SplitShardRequest& request);

  // Merges two open neighbours into one shard. The stream is UPDATING for a few seconds, then the
  // child takes the parents' records; what they hold can be read until they expire.
  //
  // Shapes: stream; shard_to_merge: the lower one; adjacent_shard_to_merge: the one whose range
  // begins where the other ends. Limits: 5 calls per second per stream; the account's shards.
  // Errors: kResourceNotFound (stream; shard), kResourceInUse, kInvalidArgument (not neighbours in
  // this order; closed),
  //         kLimitExceeded, kValidation (stream is ON_DEMAND).
  // Source: API Reference, "MergeShards".
  virtual absl::StatusOr<MergeShardsResponse> MergeShards(const MergeShardsRequest& request);

  // Splits and merges until the stream has `target_shard_count` open shards of equal ranges. The
  // stream is UPDATING meanwhile; shards in between appear in lists and count for the account. The
  // present count is accepted and changes nothing.
  //
  // Shapes: stream; target_shard_count: from half (rounded down) to twice the open shards, 1-10000;
  // scaling_type:
  //         UNIFORM_SCALING.
  // Limits: 10 calls per second per stream; 10 scalings per stream in any 24 hours; the account's
  // shards. Errors: kInvalidArgument, kLimitExceeded (target too far away; quota), kResourceInUse,
  // kResourceNotFound,
  //         kValidation (stream is ON_DEMAND).
  // Source: API Reference, "UpdateShardCount".
  virtual absl::StatusOr<UpdateShardCountResponse> UpdateShardCount(
      const UpdateShardCountRequest& request);

  // --- record
  // -------------------------------------------------------------------------------------------------------

  // Writes one record to the open shard that owns its hash key: `explicit_hash_key`, or the MD5 of
  // `partition_key`. The record can be read when the call has returned. A call that failed for want
  // of an answer may have written.
  //
  // Shapes: stream; data: bytes, may be empty, with partition_key up to the stream's
  // max_record_size_in_kib; partition_key:
  //         1-256 Unicode characters, required unless the stream is AUTO; explicit_hash_key:
  //         decimal, 0 to 2^128 - 1; sequence_number_for_ordering: the answer's sequence_number
  //         will be greater; not for AUTO streams.
  // Limits: 1 MiB and 1000 records per second per shard.
  // Errors: kResourceNotFound (also CREATING), kInvalidArgument, kProvisionedThroughputExceeded,
  // kKms…, kDryRunOperation. Source: API Reference, "PutRecord".
  virtual absl::StatusOr<PutRecordResponse> PutRecord(const PutRecordRequest& request);

  // Writes up to 500 records, each as PutRecord does and each for itself: the answer is OK even if
  // every record was refused. Look at failed_record_count and put the refused ones again; their
  // order among the others is lost then. A record that breaks a rule of its shape fails the whole
  // call, and nothing is written.
  //
  // Shapes: stream; records: 1-500, together up to 10 MiB of data and partition keys.
  // Limits: 1 MiB and 1000 records per second per shard; refused entries carry
  // kProvisionedThroughputExceeded. Errors: as PutRecord; the answer's entries carry
  // kProvisionedThroughputExceeded or kInternalFailure. Source: API Reference, "PutRecords".
  virtual absl::StatusOr<PutRecordsResponse> PutRecords(const PutRecordsRequest& request);

  // A position in a shard from which GetRecords reads, fixed now: LATEST means after the last
  // record of this moment. Works on closed shards until they expire.
  //
  // Shapes: stream; shard_id; starting_sequence_number for AT_ and AFTER_SEQUENCE_NUMBER and for no
  // other type, a number of
  //         this shard, be it no record's; timestamp for AT_TIMESTAMP, not in the future, may lie
  //         before the trim horizon.
  // Limits: 5 calls per second per shard; an iterator is valid for 300 seconds and may be used many
  // times. Errors: kResourceNotFound (stream; shard), kInvalidArgument (number or time does not fit
  // type or shard),
  //         kProvisionedThroughputExceeded, kDryRunOperation.
  // Source: API Reference, "GetShardIterator".
  virtual absl::StatusOr<GetShardIteratorResponse> GetShardIterator(
      const GetShardIteratorRequest& request);

  // One page of records in order of their sequence numbers, and the iterator of the next page.
  // Never waits; a page may be empty though records follow. After the last record of a closed shard
  // comes an empty page that has child_shards and no next_shard_iterator.
  //
  // Shapes: shard_iterator; limit: 1-10000, default 10000. A page has up to 10 MiB.
  // Limits: 5 calls and 2 MiB per second per shard, for all callers together.
  // Errors: kResourceNotFound (stream deleted; shard expired), kInvalidArgument (not an iterator),
  //         kProvisionedThroughputExceeded (the iterator stays valid), kExpiredIterator, kKms…,
  //         kDryRunOperation.
  // Source: API Reference, "GetRecords".
  virtual absl::StatusOr<GetRecordsResponse> GetRecords(const GetRecordsRequest& request);

  // --- consumer
  // -----------------------------------------------------------------------------------------------------

  // Begins to register a consumer for SubscribeToShard: it is CREATING at once and ACTIVE a few
  // seconds later. Its ARN ends in the second of its creation.
  //
  // Shapes: stream_arn; consumer_name: 1-128 of [a-zA-Z0-9_.-], unique in the stream; at most 50
  // tags, as of TagResource. Limits: 20 consumers per stream, 50 for an ON_DEMAND stream of a
  // committed account; 5 in CREATING; 5 calls per second per stream. Errors: kInvalidArgument,
  // kLimitExceeded, kResourceInUse (the name exists), kResourceNotFound. Source: API Reference,
  // "RegisterStreamConsumer".
  virtual absl::StatusOr<RegisterStreamConsumerResponse> RegisterStreamConsumer(
      const RegisterStreamConsumerRequest& request);

  // Begins to remove a consumer: it is DELETING at once and gone a few seconds later; its
  // subscriptions end.
  //
  // Shapes: consumer_arn, or stream_arn and consumer_name, or all three if they agree.
  // Limits: 5 calls per second per stream.
  // Errors: kLimitExceeded, kResourceNotFound, kInvalidArgument.
  // Source: API Reference, "DeregisterStreamConsumer".
  virtual absl::StatusOr<DeregisterStreamConsumerResponse> DeregisterStreamConsumer(
      const DeregisterStreamConsumerRequest& request);

  // Describes a consumer, in every state.
  //
  // Shapes: consumer_arn, or stream_arn and consumer_name, or all three if they agree.
  // Limits: 20 calls per second per stream.
  // Errors: kLimitExceeded, kResourceNotFound, kInvalidArgument.
  // Source: API Reference, "DescribeStreamConsumer".
  virtual absl::StatusOr<DescribeStreamConsumerResponse> DescribeStreamConsumer(
      const DescribeStreamConsumerRequest& request);

  // One page of a stream's consumers, CREATING and DELETING ones included.
  //
  // Shapes: stream_arn; max_results: 1-10000, default 100, above 100 means 100.
  // Limits: 5 calls per second per stream; a token is valid for 300 seconds.
  // Errors: kResourceNotFound, kInvalidArgument, kLimitExceeded, kExpiredNextToken, kResourceInUse.
  // Source: API Reference, "ListStreamConsumers".
  virtual absl::StatusOr<ListStreamConsumersResponse> ListStreamConsumers(
      const ListStreamConsumersRequest& request);

  // Opens a subscription: for five minutes the shard's records are pushed to this consumer, from
  // `starting_position` on, with a read rate of its own. Before it ends, resume with
  // AFTER_SEQUENCE_NUMBER and the last continuation_sequence_number. Five seconds after a
  // successful call, another one for the same consumer and shard takes over and ends the older
  // subscription.
  //
  // Shapes: consumer_arn of an ACTIVE consumer; shard_id; starting_position: as the members of
  // GetShardIterator. Limits: 2 MiB per second per consumer and shard; 1 call per second per
  // consumer and shard. Errors: kResourceNotFound (stream, consumer, shard), kInvalidArgument,
  // kLimitExceeded, kDryRunOperation,
  //         kResourceInUse (consumer not ACTIVE; another call less than 5 seconds ago).
  // Source: API Reference, "SubscribeToShard".
  virtual absl::StatusOr<std::unique_ptr<Subscription>> SubscribeToShard(
      const SubscribeToShardRequest& request);

  // --- settings
  // -----------------------------------------------------------------------------------------------------

  // Adds tags to a stream or overwrites their values, all or none, in every state of the stream.
  // TagResource sees the same tags.
  //
  // Shapes: stream; tags: as of TagResource.
  // Limits: 50 tags per resource; 5 calls per second per account.
  // Errors: kResourceNotFound, kResourceInUse, kLimitExceeded,
  //         kInvalidArgument (too many tags; a system tag; a character that no tag may have).
  // Source: API Reference, "AddTagsToStream".
  virtual absl::StatusOr<AddTagsToStreamResponse> AddTagsToStream(
      const AddTagsToStreamRequest& request);

  // Removes tags from a stream; a key without a tag is no error.
  //
  // Shapes: stream; tag_keys: 1-50, not of system tags.
  // Limits: 5 calls per second per stream.
  // Errors: kResourceNotFound, kResourceInUse, kLimitExceeded, kInvalidArgument (a system tag).
  // Source: API Reference, "RemoveTagsFromStream".
  virtual absl::StatusOr<RemoveTagsFromStreamResponse> RemoveTagsFromStream(
      const RemoveTagsFromStreamRequest& request);

  // One page of a stream's tags, ascending by the bytes of the key; the next begins at
  // exclusive_start_tag_key = the last key, as long as has_more_tags.
  //
  // Shapes: stream; exclusive_start_tag_key: need not exist; limit: 1-50, by default all tags.
  // Limits: 5 calls per second per stream.
  // Errors: kResourceNotFound, kLimitExceeded, kInvalidArgument.
  // Source: API Reference, "ListTagsForStream".
  virtual absl::StatusOr<ListTagsForStreamResponse> ListTagsForStream(
      const ListTagsForStreamRequest& request);

  // Adds tags to a stream or a consumer or overwrites their values, all or none, in every state of
  // the resource.
  //
  // Shapes: resource_arn: of a stream or a consumer; tags: 1-200, keys of 1-128 and values of 0-256
  //         Unicode letters, digits, spaces and _ . : / = + - @; no key begins with "aws:", as
  //         system tags do.
  // Limits: 50 tags per resource.
  // Errors: kResourceNotFound, kResourceInUse, kLimitExceeded,
  //         kInvalidArgument (too many tags; a system tag; a character that no tag may have).
  // Source: API Reference, "TagResource".
  virtual absl::StatusOr<TagResourceResponse> TagResource(const TagResourceRequest& request);

  // Removes tags from a stream or a consumer; a key without a tag is no error.
  //
  // Shapes: resource_arn: of a stream or a consumer; tag_keys: 1-50, not of system tags.
  // Errors: kResourceNotFound, kResourceInUse, kLimitExceeded, kInvalidArgument (a system tag).
  // Source: API Reference, "UntagResource".
  virtual absl::StatusOr<UntagResourceResponse> UntagResource(const UntagResourceRequest& request);

  // All tags of a stream or a consumer, ascending by the bytes of the key.
  //
  // Shapes: resource_arn: of a stream or a consumer.
  // Errors: kResourceNotFound, kLimitExceeded, kInvalidArgument.
  // Source: API Reference, "ListTagsForResource".
  virtual absl::StatusOr<ListTagsForResourceResponse> ListTagsForResource(
      const ListTagsForResourceRequest& request);

  // Attaches a policy to a stream or a consumer, in place of the one it has. It holds from the next
  // call on, and goes with its resource.
  //
  // Shapes: resource_arn of a stream or a consumer; policy: JSON, in which every statement names
  //         principals, the exact resource_arn, and actions among DescribeStream,
  //         DescribeStreamSummary, GetRecords, GetShardIterator, ListShards, PutRecord and
  //         PutRecords, or of a consumer DescribeStreamConsumer and SubscribeToShard.
  // Limits: 20 KiB without white space; 5 calls per second per account.
  // Errors: kResourceNotFound, kResourceInUse (not ACTIVE), kInvalidArgument (no such policy),
  //         kLimitExceeded, kAccessDenied (the owner's account only).
  // Source: API Reference, "PutResourcePolicy".
  virtual absl::StatusOr<PutResourcePolicyResponse> PutResourcePolicy(
      const PutResourcePolicyRequest& request);

  // The policy of a stream or a consumer, "{}" when there is none; normalized, so not always the
  // text that was put: without white space, and without brackets around a single text.
  //
  // Shapes: resource_arn of a stream or a consumer.
  // Limits: 5 calls per second per account.
  // Errors: kResourceNotFound, kInvalidArgument, kLimitExceeded, kAccessDenied.
  // Source: API Reference, "GetResourcePolicy".
  virtual absl::StatusOr<GetResourcePolicyResponse> GetResourcePolicy(
      const GetResourcePolicyRequest& request);

  // Removes the policy of a stream or a consumer.
  //
  // Shapes: resource_arn of a stream or a consumer.
  // Limits: 5 calls per second per account.
  // Errors: kResourceNotFound (resource; it has no policy), kResourceInUse (not ACTIVE),
  //         kInvalidArgument, kLimitExceeded, kAccessDenied.
  // Source: API Reference, "DeleteResourcePolicy".
  virtual absl::StatusOr<DeleteResourcePolicyResponse> DeleteResourcePolicy(
      const DeleteResourcePolicyRequest& request);

  // Encrypts the records that are written when the stream is ACTIVE again with a key, or changes
  // the key; older records keep their state. Needs an ACTIVE stream and an enabled key; the same
  // key again makes the stream UPDATING, too.
  //
  // Shapes: stream; encryption_type: KMS; key_id: key id, key ARN, alias or alias ARN, 1-2048
  //         characters, shown as given.
  // Limits: 25 calls that succeed per stream in 24 hours.
  // Errors: kResourceNotFound, kResourceInUse, kInvalidArgument, kLimitExceeded, kKms….
  // Source: API Reference, "StartStreamEncryption".
  virtual absl::StatusOr<StartStreamEncryptionResponse> StartStreamEncryption(
      const StartStreamEncryptionRequest& request);

  // Stops encrypting when the stream is ACTIVE again; older records keep their state. Asks no key
  // for anything, and does not look at key_id.
  //
  // Shapes: as StartStreamEncryption.
  // Limits: 25 calls that succeed per stream in 24 hours.
  // Errors: kResourceNotFound, kResourceInUse, kInvalidArgument (the stream is not encrypted),
  //         kLimitExceeded.
  // Source: API Reference, "StopStreamEncryption".
  virtual absl::StatusOr<StopStreamEncryptionResponse> StopStreamEncryption(
      const StopStreamEncryptionRequest& request);

  // Turns shard-level metrics on, besides those that are; answers the metrics before and after. The
  // stream is UPDATING for a few seconds, unless nothing changes.
  //
  // Shapes: stream; shard_level_metrics: 1-7, kAll for all of them.
  // Limits: 5 calls per second per stream.
  // Errors: kInvalidArgument, kLimitExceeded, kResourceInUse, kResourceNotFound.
  // Source: API Reference, "EnableEnhancedMonitoring".
  virtual absl::StatusOr<EnableEnhancedMonitoringResponse> EnableEnhancedMonitoring(
      const EnableEnhancedMonitoringRequest& request);

  // Turns shard-level metrics off; answers the metrics before and after. The stream is UPDATING for
  // a few seconds, unless nothing changes.
  //
  // Shapes: stream; shard_level_metrics: 1-7, kAll for all of them.
  // Limits: 5 calls per second per stream.
  // Errors: kInvalidArgument, kLimitExceeded, kResourceInUse, kResourceNotFound.
  // Source: API Reference, "DisableEnhancedMonitoring".
  virtual absl::StatusOr<DisableEnhancedMonitoringResponse> DisableEnhancedMonitoring(
      const DisableEnhancedMonitoringRequest& request);

  // The account's quotas of shards, ON_DEMAND streams and channels, and how much of them is used. A
  // quota that is not enforced is Limits::kUnlimited.
  //
  // Limits: 1 call per second per account.
  // Errors: kLimitExceeded.
  // Source: API Reference, "DescribeLimits".
  virtual absl::StatusOr<DescribeLimitsResponse> DescribeLimits(
      const DescribeLimitsRequest& request);

  // The account's settings: its commitment to a minimum throughput. Of an account that never had
  // one only the status is given.
  //
  // Limits: 5 calls per second per account.
  // Errors: kLimitExceeded.
  // Source: API Reference, "DescribeAccountSettings".
  virtual absl::StatusOr<DescribeAccountSettingsResponse> DescribeAccountSettings(
      const DescribeAccountSettingsRequest& request);

  // Enters the commitment to a minimum throughput, or leaves it: within its first 24 hours at their
  // end, which enabling it again cancels, and later at once. A committed account may give its
  // ON_DEMAND streams warm throughput, and 50 consumers each. At once, without UPDATING.
  //
  // Shapes: minimum_throughput_billing_commitment.status: kEnabled or kDisabled.
  // Limits: 5 calls per second per account.
  // Errors: kLimitExceeded, kInvalidArgument (disabling while a stream has warm throughput).
  // Source: API Reference, "UpdateAccountSettings".
  virtual absl::StatusOr<UpdateAccountSettingsResponse> UpdateAccountSettings(
      const UpdateAccountSettingsRequest& request);

  // --- channel
  // ------------------------------------------------------------------------------------------------------
  //
  // Differs: the engine does not deliver to buckets or tables yet. It checks the requests and then
  // answers kUnknownOperation, with a text that says so.

  // Begins to create a channel, which delivers the records of an ON_DEMAND stream to an S3 bucket
  // or table.
  //
  // Limits: 5 calls per second and 100 channels per account.
  // Source: API of 2026-09-29, "CreateChannel".
  virtual absl::StatusOr<CreateChannelResponse> CreateChannel(const CreateChannelRequest& request);

  // Describes a channel, in every state.
  //
  // Limits: 5 calls per second per account.
  // Source: API of 2026-09-29, "DescribeChannel".
  virtual absl::StatusOr<DescribeChannelResponse> DescribeChannel(
      const DescribeChannelRequest& request);

  // One page of the account's channels, or of those of some streams.
  //
  // Limits: 5 calls per second per account.
  // Source: API of 2026-09-29, "ListChannels".
  virtual absl::StatusOr<ListChannelsResponse> ListChannels(const ListChannelsRequest& request);

  // Changes a channel's data freshness or its logging; nothing else can be changed.
  //
  // Limits: 5 calls per second per account.
  // Source: API of 2026-09-29, "UpdateChannel".
  virtual absl::StatusOr<UpdateChannelResponse> UpdateChannel(const UpdateChannelRequest& request);

  // Begins to delete a channel.
  //
  // Limits: 5 calls per second per account.
  // Source: API of 2026-09-29, "DeleteChannel".
  virtual absl::StatusOr<DeleteChannelResponse> DeleteChannel(const DeleteChannelRequest& request);

 protected:
  Client() = default;
};

}  // namespace riacho
