#include "wire/decoder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "base/base64.h"
#include "riacho/model/error.h"
#include "wire/record_members.h"

namespace riacho::internal {
namespace {

using Kind = BodyValue::Kind;

constexpr int kHighestUnknown = 255;
constexpr int kLowestUnknown = 128;

// What is wrong with `text` as base64 with padding.
std::string FlawOf(std::string_view text) {
  if (text.size() % 4 != 0) {
    return "Base64 encoded length is expected a multiple of 4 bytes but found: " +
           std::to_string(text.size());
  }
  const std::size_t end = std::min(text.find('='), text.size());
  const auto is_digit = [](char c) {
    return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '+' ||
           c == '/';
  };
  const auto odd = std::ranges::find_if_not(text.substr(0, end), is_digit);
  if (odd != text.substr(0, end).end())
    return "Invalid Base64 character: '" + std::string(1, *odd) + "'";
  if (text.size() - end > 2 || text.substr(end).find_first_not_of('=') != std::string_view::npos)
    return "Invalid Base64 character: '='";
  return "Invalid last non-pad Base64 character dectected";  // as the service spells it
}

}  // namespace

void Decoder::Read(const BodyValue& value, std::string_view& text) {
  if (value.kind() != Kind::kText) return FailToConvert(value, "an String");
  text = value.text();
}

void Decoder::Read(const BodyValue& value, std::string& text) {
  std::string_view view;
  Read(value, view);
  text = view;
}

void Decoder::Read(const BodyValue& value, std::int64_t& number) {
  if (IsNumber(value, "an Integer")) number = value.whole();
}

void Decoder::Read(const BodyValue& value, int& number) {
  std::int64_t wide = 0;
  Read(value, wide);
  number = static_cast<int>(std::clamp<std::int64_t>(wide, std::numeric_limits<int>::min(),
                                                     std::numeric_limits<int>::max()));
}

void Decoder::Read(const BodyValue& value, bool& truth) {
  if (value.kind() != Kind::kBool) return FailToConvert(value, "an Boolean");
  truth = value.truth();
}

void Decoder::Read(const BodyValue& value, absl::Time& time) {
  if (!IsNumber(value, "milliseconds since epoch")) return;
  const double millis = value.real() * (format_ == WireFormat::kJson ? 1000 : 1);
  // Whatever the wire carries in binary fractions, it means whole milliseconds.
  constexpr double kFarAway = 9e15;
  if (std::isnan(millis)) return;
  time = absl::FromUnixMillis(
      static_cast<std::int64_t>(std::clamp(std::round(millis), -kFarAway, kFarAway)));
}

void Decoder::Read(const BodyValue& value, std::map<std::string, std::string>& map) {
  if (!IsObject(value)) return;
  for (const BodyValue& text : value) {
    const std::string name(text.name());
    if (text.is_null()) {
      map.erase(name);
    } else {
      Read(text, map[name]);
    }
  }
}

void Decoder::Read(const BodyValue& value, RecordBatch& batch) {
  if (!IsList(value)) return;
  auto texts = std::make_unique<std::deque<std::string>>();
  const auto keep = [&texts](std::string_view text) -> std::string_view {
    return texts->emplace_back(text);
  };
  batch.Reserve(value.size());
  for (const BodyValue& element : value) {
    Record record;
    Read(element, record);
    record.data = keep(record.data);
    record.partition_key = keep(record.partition_key);
    batch.Add(record);
  }
  batch.Keep(texts.release(),
             [](void* object) { delete static_cast<std::deque<std::string>*>(object); });
}

void Decoder::ReadBytes(const BodyValue& value, std::string_view& bytes) {
  if (value.kind() == Kind::kBytes) {
    bytes = value.text();
    return;
  }
  if (value.kind() != Kind::kText || format_ == WireFormat::kCbor)
    return FailToConvert(value, "a Blob");
  const std::string_view text = value.text();
  if (bytes_ == nullptr)
    bytes_ = std::make_unique_for_overwrite<char[]>(MostDecodedBytes(body_.length()));
  char* const decoded = bytes_.get() + bytes_used_;
  const std::optional<std::size_t> size = DecodeBase64(text, decoded);
  if (!size.has_value()) {
    return Fail("'" + std::string(text) + "' can not be converted to a Blob: " + FlawOf(text));
  }
  bytes = {decoded, *size};
  bytes_used_ += *size;
}

bool Decoder::IsObject(const BodyValue& value) {
  if (value.kind() == Kind::kObject) return true;
  Fail(value.kind() == Kind::kList ? "Start of list found where not expected"
                                   : "Expected map or null");
  return false;
}

bool Decoder::IsList(const BodyValue& value) {
  if (value.kind() == Kind::kList) return true;
  Fail(value.kind() == Kind::kObject ? "Start of structure or map found where not expected."
                                     : "Expected list or null");
  return false;
}

bool Decoder::IsNumber(const BodyValue& value, std::string_view wanted) {
  if (value.is_number()) return true;
  FailToConvert(value, wanted);
  return false;
}

int Decoder::NumberFor(std::string_view unknown_name) {
  for (const auto& [number, name] : unknown_names_) {
    if (name == unknown_name) return number;
  }
  const int number = kHighestUnknown - static_cast<int>(unknown_names_.size());
  // A request has no use for so many; the last number stands for all further ones.
  if (number < kLowestUnknown) return kLowestUnknown;
  unknown_names_.emplace(number, unknown_name);
  return number;
}

void Decoder::FailToConvert(const BodyValue& value, std::string_view wanted) {
  if (value.kind() == Kind::kList) return Fail("Start of list found where not expected");
  if (value.kind() == Kind::kObject)
    return Fail("Start of structure or map found where not expected.");
  const char* const type = value.kind() == Kind::kBool ? "java.lang.Boolean"
                           : value.is_number()
                               ? "com.amazon.coral.value.json.numbers.TruncatingBigNumber"
                           : value.kind() == Kind::kBytes ? "java.nio.HeapByteBuffer"
                                                          : "java.lang.String";
  Fail("class " + std::string(type) + " can not be converted to " + std::string(wanted));
}

// The first flaw is the one that is told.
void Decoder::Fail(const std::string& message) {
  if (status_.ok()) status_ = MakeError(ErrorCode::kSerialization, message);
}

}  // namespace riacho::internal
