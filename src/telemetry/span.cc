#include "riacho/telemetry/span.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <nlohmann/json.hpp>

#include "base/unicode.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

// JSON is printed by a function that calls itself for each level.
constexpr int kMostJsonDepth = 64;

bool IsKeyCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

bool IsTooLong(std::string_view text) {
  return internal::CountCharacters(text) > Span::kMostTextCharacters;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, SpanNamespace span_namespace) {
  switch (span_namespace) {
    case SpanNamespace::kLocal:
      return out << "local";
    case SpanNamespace::kRemote:
      return out << "remote";
    case SpanNamespace::kAws:
      return out << "aws";
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const Span& span) {
  out << span.name << " " << span.span_id << " of " << span.trace_id;
  if (!span.parent_id.is_zero()) out << " under " << span.parent_id;
  if (span.error) out << ", error";
  if (span.throttle) out << ", throttle";
  if (span.fault) out << ", fault";
  if (span.in_progress()) return out << ", in progress";
  return out << ", " << absl::FormatDuration(*span.end_time - span.start_time);
}

absl::Status CheckAnnotation(std::string_view key, const AnnotationValue& value) {
  const auto refuse = [key](std::string_view what) {
    return MakeError(ErrorCode::kInvalidArgument,
                     absl::StrCat("annotation \"", std::string(key), "\": ", std::string(what)));
  };
  if (key.empty() || !std::ranges::all_of(key, IsKeyCharacter))
    return refuse("a key is made of the letters A to Z and a to z, digits and _");
  if (key.size() > Span::kMostTextCharacters) return refuse("the key has more than 250 characters");
  if (const auto* const text = std::get_if<std::string>(&value);
      text != nullptr && IsTooLong(*text)) {
    return refuse("the text has more than 250 characters");
  }
  if (const auto* const number = std::get_if<double>(&value);
      number != nullptr && !std::isfinite(*number)) {
    return refuse("the number is not finite");
  }
  return absl::OkStatus();
}

absl::Status CheckMetadata(std::string_view metadata_namespace, std::string_view key,
                           std::string_view json) {
  const auto refuse = [&](std::string_view what) {
    return MakeError(ErrorCode::kInvalidArgument,
                     absl::StrCat("metadata \"", std::string(metadata_namespace), "\".\"",
                                  std::string(key), "\": ", std::string(what)));
  };
  if (metadata_namespace.starts_with("AWS.")) return refuse("AWS. is reserved");
  if (metadata_namespace == Span::kOwnMetadata) return refuse("riacho is reserved");
  using Json = nlohmann::json;
  bool is_flat = true;
  const auto watch = [&is_flat](int depth, Json::parse_event_t, Json&) {
    is_flat = is_flat && depth < kMostJsonDepth;
    return is_flat;
  };
  const Json parsed = Json::parse(json.begin(), json.end(), watch, /*allow_exceptions=*/false);
  if (!is_flat) return refuse("it is nested more than 64 deep");
  if (parsed.is_discarded()) return refuse("it is not JSON");
  return absl::OkStatus();
}

}  // namespace riacho
