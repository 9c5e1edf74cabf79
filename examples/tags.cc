// Tags: labels of streams and consumers, over both families of operations.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

// [START select]
// The names of the streams that carry a tag.
std::vector<std::string> StreamsWith(riacho::Client& kinesis, const riacho::Tag& tag) {
  std::vector<std::string> names;
  for (const riacho::StreamSummary& stream : OrDie(kinesis.ListStreams({})).stream_summaries) {
    const auto listed = OrDie(kinesis.ListTagsForResource({.resource_arn = stream.stream_arn}));
    if (std::ranges::count(listed.tags, tag) != 0) names.push_back(stream.stream_name);
  }
  return names;
}
// [END select]

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();

  // [START add]
  // At creation, and later. A value is overwritten by the next one for its key.
  OrDie(kinesis->CreateStream(
      {.stream_name = "orders", .shard_count = 1, .tags = {{"team", "shop"}}}));
  OrDie(kinesis->AddTagsToStream({.stream_name = "orders", .tags = {{"stage", "test"}}}));
  for (const riacho::Tag& tag : OrDie(kinesis->ListTagsForStream({.stream_name = "orders"})).tags) {
    std::cout << tag << "\n";
  }
  // [END add]

  // [START resource]
  // The newer operations take an ARN, of a stream or of a consumer. Both families see the same
  // tags.
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
  OrDie(kinesis->UntagResource({.tag_keys = {"stage"}, .resource_arn = arn}));
  const auto registered = OrDie(kinesis->RegisterStreamConsumer(
      {.stream_arn = arn, .consumer_name = "billing", .tags = {{"team", "finance"}}}));
  const std::string consumer = registered.consumer.consumer_arn;
  OrDie(kinesis->TagResource({.tags = {{"stage", "live"}}, .resource_arn = consumer}));
  const auto of_consumer = OrDie(kinesis->ListTagsForResource({.resource_arn = consumer}));
  std::cout << "The consumer has " << of_consumer.tags.size() << " tags\n";
  // [END resource]

  OrDie(kinesis->CreateStream({.stream_name = "users", .shard_count = 1}));
  const std::vector<std::string> selected = StreamsWith(*kinesis, {.key = "team", .value = "shop"});
  std::cout << "Tagged team=shop: " << selected.size() << " stream\n";

  // [START full]
  // Fifty for each resource. A call adds all its tags or none.
  std::map<std::string, std::string> fifty;
  for (int i = 0; i < 50; ++i) fifty["key" + std::to_string(i)] = "value";
  const absl::Status full =
      kinesis->AddTagsToStream({.stream_name = "orders", .tags = fifty}).status();
  std::cout << riacho::ErrorMessage(full) << "\n";
  // [END full]

  const bool as_expected =
      of_consumer.tags.size() == 2 && selected == std::vector<std::string>{"orders"} &&
      riacho::GetErrorCode(full) == riacho::ErrorCode::kInvalidArgument &&
      OrDie(kinesis->ListTagsForStream({.stream_name = "orders"})).tags.size() == 1;
  return as_expected ? 0 : 1;
}
