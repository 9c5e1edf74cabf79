#include "wire/decoder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "absl/strings/escaping.h"

#include "riacho/model/error.h"
#include "wire/record_members.h"

namespace riacho::internal {
namespace {

constexpr int kHighestUnknown = 255;
constexpr int kLowestUnknown = 128;

// Of numbers of any size; fractions are cut off.
std::int64_t Whole(const Document& value) {
  if (value.is_number_unsigned()) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(
        value.get<std::uint64_t>(), std::numeric_limits<std::int64_t>::max()));
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  constexpr double kTooLarge = 9.2e18;
  const auto number = value.get<double>();
  if (std::isnan(number)) return 0;
  return static_cast<std::int64_t>(std::clamp(number, -kTooLarge, kTooLarge));
}

// The library passes over white space, missing padding and bits that are left over; the service
// does not. All but the last show in the lengths, the last in the last digits.
bool IsStrict(std::string_view text, std::string_view decoded) {
  if (text.size() != (decoded.size() + 2) / 3 * 4) return false;
  const std::size_t rest = decoded.size() % 3;
  if (rest == 0) return true;
  const std::string_view last = decoded.substr(decoded.size() - rest);
  return text.ends_with(absl::Base64Escape({last.data(), last.size()}));
}

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

void Decoder::Read(const Document& value, std::string_view& text) {
  if (!value.is_string()) return FailToConvert(value, "an String");
  text = value.get_ref<const std::string&>();
}

void Decoder::Read(const Document& value, std::string& text) {
  std::string_view view;
  Read(value, view);
  text = view;
}

void Decoder::Read(const Document& value, std::int64_t& number) {
  if (IsNumber(value, "an Integer")) number = Whole(value);
}

void Decoder::Read(const Document& value, int& number) {
  std::int64_t wide = 0;
  Read(value, wide);
  number = static_cast<int>(std::clamp<std::int64_t>(wide, std::numeric_limits<int>::min(),
                                                     std::numeric_limits<int>::max()));
}

void Decoder::Read(const Document& value, bool& truth) {
  if (!value.is_boolean()) return FailToConvert(value, "an Boolean");
  truth = value.get<bool>();
}

void Decoder::Read(const Document& value, absl::Time& time) {
  if (!IsNumber(value, "milliseconds since epoch")) return;
  const double millis = value.get<double>() * (format_ == WireFormat::kJson ? 1000 : 1);
  // Whatever the wire carries in binary fractions, it means whole milliseconds.
  constexpr double kFarAway = 9e15;
  if (std::isnan(millis)) return;
  time = absl::FromUnixMillis(
      static_cast<std::int64_t>(std::clamp(std::round(millis), -kFarAway, kFarAway)));
}

void Decoder::Read(const Document& value, std::map<std::string, std::string>& map) {
  if (!IsObject(value)) return;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_null()) Read(text, map[key]);
  }
}

void Decoder::Read(const Document& value, RecordBatch& batch) {
  if (!IsList(value)) return;
  auto texts = std::make_unique<std::deque<std::string>>();
  const auto keep = [&texts](std::string_view text) -> std::string_view {
    return texts->emplace_back(text);
  };
  batch.Reserve(value.size());
  for (const Document& element : value) {
    Record record;
    Read(element, record);
    record.data = keep(record.data);
    record.partition_key = keep(record.partition_key);
    batch.Add(record);
  }
  batch.Keep(texts.release(),
             [](void* object) { delete static_cast<std::deque<std::string>*>(object); });
}

void Decoder::ReadBytes(const Document& value, std::string_view& bytes) {
  if (value.is_binary()) {
    const Document::binary_t& binary = value.get_binary();
    bytes = {reinterpret_cast<const char*>(binary.data()), binary.size()};
    return;
  }
  if (!value.is_string() || format_ == WireFormat::kCbor) return FailToConvert(value, "a Blob");
  const auto& text = value.get_ref<const std::string&>();
  const auto kept = std::make_shared<std::string>();
  if (!absl::Base64Unescape(text, kept.get()) || !IsStrict(text, *kept))
    return Fail("'" + text + "' can not be converted to a Blob: " + FlawOf(text));
  bytes = *kept;
  kept_.push_back(kept);
}

bool Decoder::IsObject(const Document& value) {
  if (value.is_object()) return true;
  Fail(value.is_array() ? "Start of list found where not expected" : "Expected map or null");
  return false;
}

bool Decoder::IsList(const Document& value) {
  if (value.is_array()) return true;
  Fail(value.is_object() ? "Start of structure or map found where not expected."
                         : "Expected list or null");
  return false;
}

bool Decoder::IsNumber(const Document& value, std::string_view wanted) {
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

void Decoder::FailToConvert(const Document& value, std::string_view wanted) {
  if (value.is_array()) return Fail("Start of list found where not expected");
  if (value.is_object()) return Fail("Start of structure or map found where not expected.");
  const char* const type = value.is_boolean() ? "java.lang.Boolean"
                           : value.is_number()
                               ? "com.amazon.coral.value.json.numbers.TruncatingBigNumber"
                           : value.is_binary() ? "java.nio.HeapByteBuffer"
                                               : "java.lang.String";
  Fail("class " + std::string(type) + " can not be converted to " + std::string(wanted));
}

// The first flaw is the one that is told.
void Decoder::Fail(const std::string& message) {
  if (status_.ok()) status_ = MakeError(ErrorCode::kSerialization, message);
}

}  // namespace riacho::internal
