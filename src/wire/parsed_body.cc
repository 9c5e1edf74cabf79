#include "wire/parsed_body.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "riacho/model/error.h"
#include "wire/shortened_json.h"

namespace riacho::internal {

// What the library's parsers tell what they meet.
class BodyReader {
 public:
  using Kind = BodyValue::Kind;

  // `cut_out`: the texts that the parser does not see; see ShortenedJson.
  BodyReader(ParsedBody& body, std::size_t length, std::span<const std::string_view> cut_out)
      : body_(body), cut_out_(cut_out) {
    constexpr std::size_t kOfAShortBody = 16;
    body_.length_ = length;
    body_.values_.reserve(kOfAShortBody);
  }

  bool null() { return Add(Kind::kNull) != nullptr; }
  bool boolean(bool truth) {
    BodyValue* const value = Add(Kind::kBool);
    if (value != nullptr) value->integer_ = truth ? 1 : 0;
    return value != nullptr;
  }
  bool number_integer(std::int64_t number) {
    BodyValue* const value = Add(Kind::kInteger);
    if (value != nullptr) value->integer_ = number;
    return value != nullptr;
  }
  bool number_unsigned(std::uint64_t number) {
    BodyValue* const value = Add(Kind::kUnsigned);
    if (value != nullptr) value->integer_ = static_cast<std::int64_t>(number);
    return value != nullptr;
  }
  bool number_float(double number, const std::string& /*text*/) {
    BodyValue* const value = Add(Kind::kReal);
    if (value != nullptr) value->integer_ = std::bit_cast<std::int64_t>(number);
    return value != nullptr;
  }
  bool string(std::string& text) {
    BodyValue* const value = Add(Kind::kText);
    if (value != nullptr) value->text_ = Keep(text);
    return value != nullptr;
  }
  bool binary(Document::binary_t& bytes) {
    BodyValue* const value = Add(Kind::kBytes);
    if (value != nullptr) value->text_ = body_.texts_.emplace_front(bytes.begin(), bytes.end());
    return value != nullptr;
  }
  bool key(std::string& text) {
    name_ = Keep(text);
    return true;
  }
  // A length that the rest of the body cannot have shows when the body ends.
  bool start_object(std::size_t /*length*/) { return Open(Kind::kObject); }
  bool end_object() { return Close(); }
  bool start_array(std::size_t /*length*/) { return Open(Kind::kList); }
  bool end_array() { return Close(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Document::exception& /*error*/) {
    return false;
  }

 private:
  // Null: these are too many.
  BodyValue* Add(Kind kind) {
    if (body_.values_.size() >= kMostValues) return nullptr;
    if (!open_.empty()) ++body_.values_[open_.back()].size_;
    BodyValue& value = body_.values_.emplace_back();
    value.kind_ = kind;
    value.name_ = std::exchange(name_, {});
    return &value;
  }

  bool Open(Kind kind) {
    if (open_.size() == kDeepestBody || Add(kind) == nullptr) return false;
    open_.push_back(body_.values_.size() - 1);
    return true;
  }
  bool Close() {
    const std::size_t opened = open_.back();
    open_.pop_back();
    body_.values_[opened].row_ = static_cast<std::uint32_t>(body_.values_.size() - opened);
    return true;
  }

  std::string_view Keep(std::string& text) {
    const std::size_t position = position_++;
    if (position < cut_out_.size() && cut_out_[position].data() != nullptr)
      return cut_out_[position];
    if (text.empty()) return {};
    return body_.texts_.emplace_front(std::move(text));
  }

  ParsedBody& body_;
  std::span<const std::string_view> cut_out_;
  std::size_t position_ = 0;
  std::string_view name_ = {};
  std::vector<std::size_t> open_;
};

namespace {

// CBOR without its tags, of which only those of times are met, and say nothing new: the parser does
// not know them all. Where it shows that this is no CBOR it ends in what the parser refuses, and so
// it does before texts in parts that have parts, which the parser would follow as deep as they go.
std::string WithoutTags(std::string_view body) {
  constexpr unsigned kBytes = 2;
  constexpr unsigned kText = 3;
  constexpr unsigned kTag = 6;
  constexpr unsigned char kBreak = 0xff;
  std::string stripped;
  stripped.reserve(body.size());
  bool in_parts = false;
  constexpr char kNoHead = 0x1c;  // refused wherever it stands
  bool tagged = false;
  while (!body.empty()) {
    const auto head = static_cast<unsigned char>(body[0]);
    const unsigned type = head >> 5;
    const unsigned info = head & 31;
    const std::size_t width = 24 <= info && info <= 27 ? std::size_t{1} << (info - 24) : 0;
    if (body.size() <= width) return stripped + kNoHead;
    std::uint64_t argument = width == 0 ? info : 0;
    for (std::size_t i = 1; i <= width; ++i)
      argument = argument << 8 | static_cast<unsigned char>(body[i]);
    std::size_t length = 1 + width;
    const bool text = type == kBytes || type == kText;
    // Info 31 begins a text of many parts, each with a head of its own.
    if (text && info == 31) {
      if (in_parts) return stripped + kNoHead;
      in_parts = true;
    } else if (head == kBreak) {
      in_parts = false;
    } else if (text) {
      if (argument > body.size() - length) return stripped + kNoHead;
      length += static_cast<std::size_t>(argument);
    }
    tagged = type == kTag && info <= 27;
    if (!tagged) stripped += type == kTag ? std::string_view(&kNoHead, 1) : body.substr(0, length);
    body.remove_prefix(length);
  }
  if (tagged) stripped += kNoHead;  // the tag of nothing
  return stripped;
}

}  // namespace

double BodyValue::real() const {
  switch (kind_) {
    case Kind::kReal:
      return std::bit_cast<double>(integer_);
    case Kind::kUnsigned:
      return static_cast<double>(unsigned_integer());
    default:
      return static_cast<double>(integer_);
  }
}

std::int64_t BodyValue::whole() const {
  if (kind_ == Kind::kInteger) return integer_;
  if (kind_ == Kind::kUnsigned) {
    return static_cast<std::int64_t>(
        std::min<std::uint64_t>(unsigned_integer(), std::numeric_limits<std::int64_t>::max()));
  }
  constexpr double kTooLarge = 9.2e18;
  if (std::isnan(real())) return 0;
  return static_cast<std::int64_t>(std::clamp(real(), -kTooLarge, kTooLarge));
}

const BodyValue* BodyValue::Find(std::string_view name) const {
  const BodyValue* found = nullptr;
  for (const BodyValue& value : *this) {
    if (value.name_ == name) found = &value;
  }
  return found;
}

absl::StatusOr<ParsedBody> ParseBody(std::string_view body, WireFormat format) {
  const bool json = format == WireFormat::kJson;
  // The parser would take it for the end.
  if (json && body.find('\0') != std::string_view::npos)
    return MakeError(ErrorCode::kSerialization, "");
  const ShortenedJson shortened = json ? Shorten(body) : ShortenedJson();
  ParsedBody parsed;
  BodyReader reader(parsed, body.size(), shortened.texts);
  const bool read = json ? Document::sax_parse(shortened.json, &reader)
                         : Document::sax_parse(WithoutTags(body), &reader,
                                               nlohmann::detail::input_format_t::cbor);
  if (!read || parsed.root().kind() != BodyValue::Kind::kObject)
    return MakeError(ErrorCode::kSerialization, "");
  return parsed;
}

}  // namespace riacho::internal
