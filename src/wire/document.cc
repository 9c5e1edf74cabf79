#include "wire/document.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "riacho/model/error.h"
#include "wire/plain_text.h"
#include "wire/shortened_json.h"

namespace riacho::internal {
namespace {

// Builds the document with the texts that have been cut out of it, and stops at what nests too
// deep.
class BoundedParser : public nlohmann::detail::json_sax_dom_parser<Document> {
 public:
  using Base = nlohmann::detail::json_sax_dom_parser<Document>;

  BoundedParser(Document& document, std::span<const ShortenedJson::Text> texts)
      : Base(document, /*allow_exceptions_=*/false), texts_(texts) {}

  bool null() { return Count() && Base::null(); }
  bool boolean(bool truth) { return Count() && Base::boolean(truth); }
  bool number_integer(std::int64_t number) { return Count() && Base::number_integer(number); }
  bool number_unsigned(std::uint64_t number) { return Count() && Base::number_unsigned(number); }
  bool number_float(double number, const std::string& text) {
    return Count() && Base::number_float(number, text);
  }
  bool binary(Document::binary_t& bytes) { return Count() && Base::binary(bytes); }
  bool string(std::string& text) {
    Restore(text);
    return Count() && Base::string(text);
  }
  bool key(std::string& text) {
    Restore(text);
    return Base::key(text);
  }

  // A length that the rest of the body cannot have shows when the body ends.
  bool start_object(std::size_t /*length*/) {
    return Count() && ++depth_ <= kDeepestBody && Base::start_object(kUnknown);
  }
  bool end_object() {
    --depth_;
    return Base::end_object();
  }
  bool start_array(std::size_t /*length*/) {
    return Count() && ++depth_ <= kDeepestBody && Base::start_array(kUnknown);
  }
  bool end_array() {
    --depth_;
    return Base::end_array();
  }

 private:
  static constexpr auto kUnknown = static_cast<std::size_t>(-1);

  bool Count() { return ++values_ <= kMostValues; }

  void Restore(std::string& text) {
    if (!texts_.empty() && texts_.front().position == position_) {
      text = texts_.front().text;
      texts_ = texts_.subspan(1);
    }
    ++position_;
  }

  std::span<const ShortenedJson::Text> texts_;
  std::size_t position_ = 0;
  int depth_ = 0;
  int values_ = 0;
};

// CBOR without its tags, of which only those of times are met, and say nothing new: the parser does
// not know them all. What is no CBOR is cut off where that shows, for the parser to refuse; so are
// texts in parts that have parts, which the parser would follow as deep as they go.
std::string WithoutTags(std::string_view body) {
  constexpr unsigned kBytes = 2;
  constexpr unsigned kText = 3;
  constexpr unsigned kTag = 6;
  constexpr unsigned char kBreak = 0xff;
  std::string stripped;
  stripped.reserve(body.size());
  bool in_parts = false;
  while (!body.empty()) {
    const auto head = static_cast<unsigned char>(body[0]);
    const unsigned type = head >> 5;
    const unsigned info = head & 31;
    const std::size_t width = 24 <= info && info <= 27 ? std::size_t{1} << (info - 24) : 0;
    if (body.size() <= width) break;
    std::uint64_t argument = width == 0 ? info : 0;
    for (std::size_t i = 1; i <= width; ++i)
      argument = argument << 8 | static_cast<unsigned char>(body[i]);
    std::size_t length = 1 + width;
    const bool text = type == kBytes || type == kText;
    // Info 31 begins a text of many parts, each with a head of its own.
    if (text && info == 31) {
      if (in_parts) break;
      in_parts = true;
    } else if (head == kBreak) {
      in_parts = false;
    } else if (text) {
      if (argument > body.size() - length) break;
      length += static_cast<std::size_t>(argument);
    }
    if (type != kTag) stripped += body.substr(0, length);
    body.remove_prefix(length);
  }
  return stripped;
}

std::string PrintedByTheLibrary(const Document& document) {
  return document.dump(-1, ' ', false, Document::error_handler_t::replace);
}

// The library looks long at each byte of a text: those that need no escapes are taken as they are.
void AppendText(const std::string& text, std::string& json) {
  if (!IsPlainText(text)) {
    json += PrintedByTheLibrary(text);
    return;
  }
  json += '"';
  json += text;
  json += '"';
}

void AppendJson(const Document& document, std::string& json) {
  if (document.is_object() && !document.empty()) {
    char separator = '{';
    for (const auto& [name, value] : document.get_ref<const Document::object_t&>()) {
      json += std::exchange(separator, ',');
      AppendText(name, json);
      json += ':';
      AppendJson(value, json);
    }
    json += '}';
  } else if (document.is_array() && !document.empty()) {
    char separator = '[';
    for (const Document& element : document) {
      json += std::exchange(separator, ',');
      AppendJson(element, json);
    }
    json += ']';
  } else if (document.is_string()) {
    AppendText(document.get_ref<const std::string&>(), json);
  } else {
    json += PrintedByTheLibrary(document);
  }
}

}  // namespace

std::string_view ContentType(WireFormat format) {
  return format == WireFormat::kJson ? "application/x-amz-json-1.1" : "application/x-amz-cbor-1.1";
}

absl::StatusOr<Document> ParseBody(std::string_view body, WireFormat format) {
  const bool json = format == WireFormat::kJson;
  // The parser would take it for the end.
  if (json && body.find('\0') != std::string_view::npos)
    return MakeError(ErrorCode::kSerialization, "");
  const ShortenedJson shortened = json ? Shorten(body) : ShortenedJson();
  Document document;
  BoundedParser parser(document, shortened.texts);
  const bool parsed = json ? Document::sax_parse(shortened.json, &parser)
                           : Document::sax_parse(WithoutTags(body), &parser,
                                                 nlohmann::detail::input_format_t::cbor);
  if (!parsed || parser.is_errored() || !document.is_object())
    return MakeError(ErrorCode::kSerialization, "");
  return document;
}

std::string PrintBody(const Document& document, WireFormat format) {
  std::string body;
  if (format == WireFormat::kJson) {
    AppendJson(document, body);
  } else {
    Document::to_cbor(document, body);
  }
  return body;
}

}  // namespace riacho::internal
