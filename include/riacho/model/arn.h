// Amazon Resource Names of streams and consumers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace riacho {

// arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME, or of a consumer, with /consumer/NAME:SECONDS
// behind it.
struct Arn {
  std::string partition = "aws";
  std::string region = {};
  std::string account_id = {};
  std::string stream_name = {};
  std::string consumer_name = {};              // empty for a stream
  std::int64_t consumer_creation_seconds = 0;  // Unix seconds; 0 for a stream

  // Reads the ARN of a stream or of a consumer; empty for all other text.
  static std::optional<Arn> Parse(std::string_view text);

  std::string ToString() const;

  friend bool operator==(const Arn&, const Arn&) = default;
};

// The account in the ARN of any service, its fifth field; empty when there is none.
std::string_view AccountOf(std::string_view arn);

// The partition that a region belongs to: "aws", "aws-cn" or "aws-us-gov".
std::string_view PartitionOf(std::string_view region);

}  // namespace riacho
