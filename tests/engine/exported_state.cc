#include "engine/exported_state.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "base/return_if_error.h"

namespace riacho {
namespace {

ExportedShard ExportShard(Client& root, const std::string& stream, const Shard& shard) {
  ExportedShard exported = {.shard = shard};
  const absl::StatusOr<GetShardIteratorResponse> start =
      root.GetShardIterator({.stream_name = stream,
                             .shard_id = shard.shard_id.ToString(),
                             .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  exported.end = start.status();
  if (!start.ok()) return exported;
  std::optional<std::string> iterator = start->shard_iterator;
  while (iterator.has_value()) {
    const absl::StatusOr<GetRecordsResponse> page = root.GetRecords({.shard_iterator = *iterator});
    exported.end = page.status();
    if (!page.ok() || page->records.empty()) break;
    for (const Record& record : page->records) {
      exported.records.push_back(
          {.sequence_number = record.sequence_number,
           .approximate_arrival_timestamp = record.approximate_arrival_timestamp,
           .data = std::string(record.data),
           .partition_key = std::string(record.partition_key),
           .encryption_type = record.encryption_type});
    }
    iterator = page->next_shard_iterator;
  }
  return exported;
}

absl::StatusOr<std::vector<ExportedShard>> ExportShards(Client& root, const std::string& stream) {
  std::vector<ExportedShard> exported;
  ListShardsRequest request = {.stream_name = stream};
  do {
    const absl::StatusOr<ListShardsResponse> page = root.ListShards(request);
    RIACHO_RETURN_IF_ERROR(page.status());
    for (const Shard& shard : page->shards) exported.push_back(ExportShard(root, stream, shard));
    request.next_token = page->next_token;
  } while (request.next_token.has_value());
  return exported;
}

// The member of an answer that there is to see, or the error.
template <typename Response, typename Member>
absl::StatusOr<Member> Export(absl::StatusOr<Response> answer, Member Response::*member) {
  RIACHO_RETURN_IF_ERROR(answer.status());
  return std::move((*answer).*member);
}

absl::StatusOr<std::vector<Tag>> ExportTags(Client& root, const std::string& arn) {
  return Export(root.ListTagsForResource({.resource_arn = arn}),
                &ListTagsForResourceResponse::tags);
}

absl::StatusOr<std::string> ExportPolicy(Client& root, const std::string& arn) {
  return Export(root.GetResourcePolicy({.resource_arn = arn}), &GetResourcePolicyResponse::policy);
}

absl::StatusOr<std::vector<ExportedConsumer>> ExportConsumers(Client& root,
                                                              const std::string& stream_arn) {
  std::vector<ExportedConsumer> exported;
  ListStreamConsumersRequest request = {.stream_arn = stream_arn};
  do {
    const absl::StatusOr<ListStreamConsumersResponse> page = root.ListStreamConsumers(request);
    RIACHO_RETURN_IF_ERROR(page.status());
    for (const Consumer& consumer : page->consumers) {
      exported.push_back({.consumer = consumer,
                          .tags = ExportTags(root, consumer.consumer_arn),
                          .policy = ExportPolicy(root, consumer.consumer_arn)});
    }
    request.next_token = page->next_token;
  } while (request.next_token.has_value());
  return exported;
}

ExportedStream ExportStream(Client& root, const StreamSummary& listed) {
  ExportedStream exported = {.listed = listed};
  exported.description = Export(root.DescribeStream({.stream_name = listed.stream_name}),
                                &DescribeStreamResponse::stream_description);
  exported.summary = Export(root.DescribeStreamSummary({.stream_name = listed.stream_name}),
                            &DescribeStreamSummaryResponse::stream_description_summary);
  exported.tags = ExportTags(root, listed.stream_arn);
  exported.policy = ExportPolicy(root, listed.stream_arn);
  exported.shards = ExportShards(root, listed.stream_name);
  exported.consumers = ExportConsumers(root, listed.stream_arn);
  return exported;
}

std::string DifferenceOfShards(const std::vector<ExportedShard>& before,
                               const std::vector<ExportedShard>& after) {
  if (before.size() != after.size()) return "number of shards";
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string shard = "shard " + before[i].shard.shard_id.ToString();
    if (before[i].shard != after[i].shard) return shard;
    if (before[i].records != after[i].records) return shard + ": records";
    if (before[i].end != after[i].end) return shard + ": the end of its records";
  }
  return "";
}

std::string DifferenceOfStreams(const ExportedStream& before, const ExportedStream& after) {
  if (before.listed != after.listed) return "its entry in the list";
  if (before.description != after.description) return "description";
  if (before.summary != after.summary) return "summary";
  if (before.tags != after.tags) return "tags";
  if (before.policy != after.policy) return "policy";
  if (before.consumers != after.consumers) return "consumers";
  if (before.shards == after.shards) return "";
  if (!before.shards.ok() || !after.shards.ok()) return "shards";
  return DifferenceOfShards(*before.shards, *after.shards);
}

}  // namespace

ExportedState ExportState(Client& root) {
  ExportedState exported;
  ListStreamsRequest request;
  do {
    const absl::StatusOr<ListStreamsResponse> page = root.ListStreams(request);
    if (!page.ok()) break;
    for (const StreamSummary& listed : page->stream_summaries)
      exported.streams.emplace(listed.stream_name, ExportStream(root, listed));
    request.next_token = page->next_token;
  } while (request.next_token.has_value());
  exported.limits = root.DescribeLimits({});
  exported.commitment =
      Export(root.DescribeAccountSettings({}),
             &DescribeAccountSettingsResponse::minimum_throughput_billing_commitment);
  return exported;
}

std::string Difference(const ExportedState& before, const ExportedState& after) {
  if (before.limits != after.limits) return "limits of the account";
  if (before.commitment != after.commitment) return "settings of the account";
  for (const auto& [name, stream] : before.streams) {
    const auto found = after.streams.find(name);
    if (found == after.streams.end()) return "stream " + name + " is gone";
    const std::string what = DifferenceOfStreams(stream, found->second);
    if (!what.empty()) return "stream " + name + ": " + what;
  }
  for (const auto& [name, stream] : after.streams) {
    if (!before.streams.contains(name)) return "stream " + name + " is new";
  }
  return "";
}

}  // namespace riacho
