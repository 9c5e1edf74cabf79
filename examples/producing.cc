// Producing: one record, a record for a certain shard, and many at once with those that failed put
// again.
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
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

// [START retry]
// Puts all entries, and again those that the shards throttled, later and later. The order among
// the entries is lost when some are put again.
absl::Status PutAll(riacho::Client& kinesis, riacho::ManualClock& clock,
                    std::vector<riacho::PutRecordsRequestEntry> entries) {
  riacho::Backoff backoff({.max_attempts = 8}, /*seed=*/42);
  for (;;) {
    const auto response = kinesis.PutRecords({.records = entries, .stream_name = "orders"});
    if (!response.ok()) return response.status();  // nothing was put
    std::cout << "  put " << entries.size() << ", refused " << response->failed_record_count
              << "\n";
    if (response->failed_record_count == 0) return absl::OkStatus();

    // The answer's entries stand in the order of the request's.
    std::vector<riacho::PutRecordsRequestEntry> refused;
    absl::Status why;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const riacho::PutRecordsResultEntry& result = response->records[i];
      if (!result.error_code.has_value()) continue;
      refused.push_back(entries[i]);
      why = riacho::MakeError(*result.error_code, result.error_message);
    }
    const std::optional<absl::Duration> delay = backoff.Next();
    if (!delay.has_value()) return why;
    entries = std::move(refused);
    clock.AdvanceTime(*delay);  // with the system clock: wait
  }
}
// [END retry]

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}));

  // [START put_record]
  // Records of one partition key go to one shard and are read in the order in which they were put.
  const auto paid = OrDie(
      kinesis->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "order-17"}));
  std::cout << "In " << paid.shard_id << ", at " << paid.sequence_number << "\n";
  // [END put_record]

  // [START explicit_hash_key]
  // The hash key decides which shard it is: the MD5 of the partition key, or what you say.
  const auto first = OrDie(kinesis->PutRecord({.stream_name = "orders",
                                               .data = "paid",
                                               .partition_key = "order-17",
                                               .explicit_hash_key = "0"}));
  std::cout << "With the hash key 0 in " << first.shard_id << "\n";
  // [END explicit_hash_key]

  // [START flood]
  // A shard takes 1,000 records per second: these calls are too much for the two.
  std::vector<std::string> keys(500);
  std::vector<riacho::PutRecordsRequestEntry> entries(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys[i] = "order-" + std::to_string(i);
    entries[i] = {.data = "paid", .partition_key = keys[i]};
  }
  for (int call = 0; call < 5; ++call) {
    if (absl::Status status = PutAll(*kinesis, clock, entries); !status.ok()) return 1;
  }
  // [END flood]

  // [START wrong]
  // A record that breaks a rule fails its whole call, and nothing is put.
  entries[7].partition_key = "";
  const absl::Status wrong =
      kinesis->PutRecords({.records = entries, .stream_name = "orders"}).status();
  std::cout << *riacho::GetErrorCode(wrong) << ": " << riacho::ErrorMessage(wrong) << "\n";
  // [END wrong]

  const bool as_expected = first.shard_id == riacho::ShardId{0} &&
                           riacho::GetErrorCode(wrong) == riacho::ErrorCode::kValidation;
  return as_expected ? 0 : 1;
}
