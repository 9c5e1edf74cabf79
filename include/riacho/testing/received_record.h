// ReceivedRecord: a record that owns its bytes, for tests that gather what they read.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "riacho/model/record_batch.h"
#include "riacho/model/sequence_number.h"

namespace riacho {

struct ReceivedRecord {
  std::string partition_key = {};
  std::string data = {};
  SequenceNumber sequence_number = {};

  friend bool operator==(const ReceivedRecord&, const ReceivedRecord&) = default;
};

// "order-17: paid", with the sequence number behind it.
std::ostream& operator<<(std::ostream& out, const ReceivedRecord& record);

std::vector<ReceivedRecord> CopyOf(const RecordBatch& records);

}  // namespace riacho
