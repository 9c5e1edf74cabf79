// application/vnd.amazon.eventstream: the frames in which SubscribeToShard answers.
//
//   u32 total length | u32 headers length | u32 CRC-32 of the eight bytes before
//   headers: u8 name length | name | u8 type | value       (type 7, text: u16 length | bytes)
//   payload
//   u32 CRC-32 of everything before                         all numbers big-endian
//
// Source: Amazon Transcribe Developer Guide, "Event stream encoding".
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace riacho::internal {

struct EventFrame {
  std::map<std::string, std::string> headers = {};  // those of type text
  std::string payload = {};

  friend bool operator==(const EventFrame&, const EventFrame&) = default;
};

// The frame of an event of that type, with a JSON body, as the service makes it.
std::string EventMessage(std::string_view event_type, std::string_view json);
// The frame that ends a stream: the name of an exception, and a JSON body.
std::string ExceptionMessage(std::string_view exception_type, std::string_view json);

// Takes frames out of bytes as they arrive. What has not become a frame yet is kept: at most the
// longest frame that is allowed, and what was added with its end. Confined.
class EventFrameParser {
 public:
  static constexpr std::size_t kLongestHeaders = 128 * 1024;
  static constexpr std::size_t kLongestPayload = 24 * 1024 * 1024;

  void Add(std::string_view bytes) { bytes_.append(bytes); }

  // The next frame; nothing until more bytes have been added.
  //
  // Errors: absl::StatusCode::kDataLoss, for good: lengths that are too large or do not fit into
  // one another, a wrong checksum, headers that cannot be read.
  absl::StatusOr<std::optional<EventFrame>> Next();

  // Whether a frame has begun and not ended: bytes are missing if no more will come.
  bool in_frame() const { return begin_ < bytes_.size(); }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;  // what is before it has been taken
};

}  // namespace riacho::internal
