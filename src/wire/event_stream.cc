#include "wire/event_stream.h"

#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include <zlib.h>

#include "wire/document.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLeastBytes = kPreludeBytes + kChecksumBytes;

std::uint32_t Checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// A big-endian number of `width` bytes at the start of `bytes`, which has as many.
std::uint32_t Number(std::string_view bytes, std::size_t width) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < width; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

void AppendNumber(std::string& bytes, std::size_t number, std::size_t width) {
  for (std::size_t i = width; i > 0; --i)
    bytes += static_cast<char>(static_cast<unsigned char>(number >> (8 * (i - 1))));
}

using Header = std::pair<std::string_view, std::string_view>;

std::string Frame(const std::array<Header, 3>& headers, std::string_view payload) {
  constexpr char kText = 7;
  std::string header_bytes;
  for (const auto& [name, value] : headers) {
    AppendNumber(header_bytes, name.size(), 1);
    header_bytes += name;
    header_bytes += kText;
    AppendNumber(header_bytes, value.size(), 2);
    header_bytes += value;
  }
  const std::size_t total = kLeastBytes + header_bytes.size() + payload.size();
  std::string frame;
  frame.reserve(total);
  AppendNumber(frame, total, 4);
  AppendNumber(frame, header_bytes.size(), 4);
  AppendNumber(frame, Checksum(frame), 4);
  frame += header_bytes;
  frame += payload;
  AppendNumber(frame, Checksum(frame), 4);
  return frame;
}

// Takes `length` bytes off the front of `bytes`; false if there are fewer.
bool Take(std::string_view& bytes, std::size_t length, std::string_view& taken) {
  if (bytes.size() < length) return false;
  taken = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return true;
}

bool ReadHeaders(std::string_view bytes, std::map<std::string, std::string>& headers) {
  constexpr std::uint32_t kBytes = 6;
  constexpr std::uint32_t kText = 7;
  // Of the types true, false, byte, short, int, long, bytes, text, timestamp, uuid.
  constexpr std::array<std::size_t, 10> kWidths = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  while (!bytes.empty()) {
    std::string_view field;
    std::string_view name;
    if (!Take(bytes, 1, field) || !Take(bytes, Number(field, 1), name)) return false;
    if (!Take(bytes, 1, field)) return false;
    const std::uint32_t type = Number(field, 1);
    if (type >= kWidths.size()) return false;
    std::size_t length = kWidths[type];
    if (type == kBytes || type == kText) {
      if (!Take(bytes, 2, field)) return false;
      length = Number(field, 2);
    }
    if (!Take(bytes, length, field)) return false;
    if (type == kText) headers.insert_or_assign(std::string(name), std::string(field));
  }
  return true;
}

absl::Status Damaged(const std::string& what) {
  return absl::DataLossError("The event stream is damaged: " + what + ".");
}

}  // namespace

std::string EventMessage(std::string_view event_type, std::string_view json) {
  return Frame({{{":event-type", event_type},
                 {":content-type", ContentType(WireFormat::kJson)},
                 {":message-type", "event"}}},
               json);
}

std::string ExceptionMessage(std::string_view exception_type, std::string_view json) {
  return Frame({{{":exception-type", exception_type},
                 {":content-type", ContentType(WireFormat::kJson)},
                 {":message-type", "exception"}}},
               json);
}

absl::StatusOr<std::optional<EventFrame>> EventFrameParser::Next() {
  const std::string_view rest = std::string_view(bytes_).substr(begin_);
  if (rest.size() < kPreludeBytes) {
    bytes_.erase(0, std::exchange(begin_, 0));
    return std::nullopt;
  }
  const std::size_t total = Number(rest, 4);
  const std::size_t headers_length = Number(rest.substr(4), 4);
  if (Number(rest.substr(8), 4) != Checksum(rest.substr(0, 8)))
    return Damaged("the checksum of a frame's lengths is wrong");
  if (headers_length > kLongestHeaders || total < kLeastBytes + headers_length ||
      total - kLeastBytes - headers_length > kLongestPayload) {
    return Damaged("a frame of " + std::to_string(total) + " bytes with headers of " +
                   std::to_string(headers_length) + " is not allowed");
  }
  if (rest.size() < total) {
    bytes_.erase(0, std::exchange(begin_, 0));
    return std::nullopt;
  }
  const std::string_view frame = rest.substr(0, total - kChecksumBytes);
  if (Number(rest.substr(frame.size()), 4) != Checksum(frame))
    return Damaged("the checksum of a frame is wrong");
  EventFrame event;
  if (!ReadHeaders(frame.substr(kPreludeBytes, headers_length), event.headers))
    return Damaged("the headers of a frame cannot be read");
  event.payload = frame.substr(kPreludeBytes + headers_length);
  begin_ += total;
  return event;
}

}  // namespace riacho::internal
