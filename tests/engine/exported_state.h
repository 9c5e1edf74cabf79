// All that can be seen of an account through a client, to be compared before and after.
//
//   const ExportedState before = ExportState(*kinesis);
//   EXPECT_THAT(kinesis->SplitShard(wrong), FailsAs(ErrorCode::kInvalidArgument));
//   EXPECT_EQ(Difference(before, ExportState(*kinesis)), "");
//
// Not to be seen, so not compared: what is left of rates and of quotas of calls, the requests that
// a key store has counted and the data keys that the engine keeps of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/client.h"

namespace riacho {

// A record with its bytes: what a RecordBatch shows would change along with the log.
struct ExportedRecord {
  SequenceNumber sequence_number = {};
  absl::Time approximate_arrival_timestamp = {};
  std::string data = {};
  std::string partition_key = {};
  EncryptionType encryption_type = EncryptionType::kNone;

  friend bool operator==(const ExportedRecord&, const ExportedRecord&) = default;
};

struct ExportedShard {
  Shard shard = {};
  std::vector<ExportedRecord> records = {};  // from the horizon on
  absl::Status end = {};                     // what reading them ended with

  friend bool operator==(const ExportedShard&, const ExportedShard&) = default;
};

struct ExportedConsumer {
  Consumer consumer = {};
  absl::StatusOr<std::vector<Tag>> tags{};
  absl::StatusOr<std::string> policy{};

  friend bool operator==(const ExportedConsumer&, const ExportedConsumer&) = default;
};

struct ExportedStream {
  StreamSummary listed = {};
  absl::StatusOr<StreamDescription> description{};
  absl::StatusOr<StreamDescriptionSummary> summary{};
  absl::StatusOr<std::vector<Tag>> tags{};
  absl::StatusOr<std::string> policy{};
  absl::StatusOr<std::vector<ExportedShard>> shards{};
  absl::StatusOr<std::vector<ExportedConsumer>> consumers{};

  friend bool operator==(const ExportedStream&, const ExportedStream&) = default;
};

struct ExportedState {
  std::map<std::string, ExportedStream> streams = {};
  absl::StatusOr<DescribeLimitsResponse> limits{};
  absl::StatusOr<MinimumThroughputBillingCommitmentOutput> commitment{};

  friend bool operator==(const ExportedState&, const ExportedState&) = default;
};

// Reads everything from the horizon on, so the engine must limit neither the rates of calls nor
// what GetRecords takes of a shard. What cannot be read, because a resource policy denies it or a
// key does not serve, is kept as the error.
ExportedState ExportState(Client& root);

// Says where two states differ first, such as "stream orders: tags"; empty if they do not.
std::string Difference(const ExportedState& before, const ExportedState& after);

}  // namespace riacho
