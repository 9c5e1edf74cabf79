// One record as a reader sees it.
#pragma once

#include <ostream>
#include <string_view>

#include "absl/time/time.h"

#include "riacho/model/sequence_number.h"
#include "riacho/model/stream_description.h"

namespace riacho {

// A view: `data` and `partition_key` live as long as the RecordBatch that the record came in.
// Source: API Reference, "Record".
struct Record {
  SequenceNumber sequence_number = {};
  absl::Time approximate_arrival_timestamp = {};  // whole milliseconds
  std::string_view data = {};                     // bytes as put
  std::string_view partition_key = {};  // as put; empty when put without, to an AUTO stream
  EncryptionType encryption_type = EncryptionType::kNone;  // as it was written

  friend bool operator==(const Record&, const Record&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Record& record);
};

}  // namespace riacho
