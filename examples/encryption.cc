// Encryption at rest: a key of one's own, what five minutes mean, a key that is taken away, and a
// consumer that may not decrypt.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}
void OrDie(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << riacho::ErrorMessage(status) << "\n";
  std::abort();
}

// Prints the error and answers its code.
riacho::ErrorCode Refused(const absl::Status& status) {
  const riacho::ErrorCode code = riacho::GetErrorCode(status).value();
  std::cout << code << ": " << riacho::ErrorMessage(status) << "\n";
  return code;
}

std::string IteratorOf(riacho::Client& kinesis) {
  return OrDie(kinesis.GetShardIterator(
                   {.stream_name = "orders",
                    .shard_id = "0",
                    .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}))
      .shard_iterator;
}

riacho::PutRecordRequest Record(const char* data) {
  return {.stream_name = "orders", .data = data, .partition_key = "order-17"};
}

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));

  // [START start]
  // Keys live in the engine's key store. "alias/aws/kinesis" is there already; this one is ours.
  riacho::KeyStore& keys = engine.key_store();
  const riacho::KeyMetadata key = OrDie(keys.CreateKey({.alias = "alias/orders"}));
  OrDie(kinesis->PutRecord(Record("ordered")));
  OrDie(kinesis->StartStreamEncryption({.stream_name = "orders",
                                        .encryption_type = riacho::EncryptionType::kKms,
                                        .key_id = "alias/orders"}));
  OrDie(kinesis->PutRecord(Record("paid")));

  // Each record keeps the type that it was written with.
  const auto page = OrDie(kinesis->GetRecords({.shard_iterator = IteratorOf(*kinesis)}));
  for (const riacho::Record& record : page.records)
    std::cout << record.data << ": " << record.encryption_type << "\n";
  // [END start]

  // [START disabled]
  // A data key serves for five minutes: so long a key that has been disabled is not missed.
  OrDie(keys.DisableKey("alias/orders"));
  clock.AdvanceTime(absl::Minutes(5) - absl::Milliseconds(1));
  OrDie(kinesis->PutRecord(Record("packed")));
  clock.AdvanceTime(absl::Milliseconds(1));
  const riacho::ErrorCode put = Refused(kinesis->PutRecord(Record("shipped")).status());

  // A read that reaches a sealed record fails, and its iterator stays valid.
  const std::string iterator = IteratorOf(*kinesis);
  const riacho::ErrorCode read =
      Refused(kinesis->GetRecords({.shard_iterator = iterator}).status());
  OrDie(keys.EnableKey("alias/orders"));
  const auto again = OrDie(kinesis->GetRecords({.shard_iterator = iterator}));
  std::cout << again.records.size() << " records when the key is back\n";
  // [END disabled]

  // [START grants]
  // A key without grants serves everybody in the account. From the first grant on it serves those
  // who have one: here producers may seal, and nobody may open.
  OrDie(keys.CreateGrant("alias/orders", "arn:aws:iam::123456789012:root",
                         {riacho::KeyOperation::kGenerateDataKey}));
  clock.AdvanceTime(absl::Minutes(5));
  OrDie(kinesis->PutRecord(Record("delivered")));
  const riacho::ErrorCode denied =
      Refused(kinesis->GetRecords({.shard_iterator = IteratorOf(*kinesis)}).status());
  // [END grants]

  // [START requests]
  // How often the key was asked for; a test of what encryption costs.
  const std::int64_t generated = keys.request_count(riacho::KeyOperation::kGenerateDataKey);
  std::cout << generated << " data keys were asked for\n";
  // [END requests]

  const bool as_expected = page.records.size() == 2 &&
                           page.records[0].encryption_type == riacho::EncryptionType::kNone &&
                           page.records[1].encryption_type == riacho::EncryptionType::kKms &&
                           put == riacho::ErrorCode::kKmsDisabled &&
                           read == riacho::ErrorCode::kKmsDisabled && again.records.size() == 3 &&
                           denied == riacho::ErrorCode::kKmsAccessDenied && generated == 3;
  return as_expected ? 0 : 1;
}
