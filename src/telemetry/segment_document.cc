#include "riacho/telemetry/segment_document.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include <nlohmann/json.hpp>

#include "base/return_if_error.h"
#include "base/unicode.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Refuse(const std::string& what) {
  return MakeError(ErrorCode::kInvalidArgument, what);
}

absl::Status CheckName(std::string_view name) {
  constexpr std::size_t kMostCharacters = 200;
  constexpr std::u32string_view kSigns = U"_.:/%&#=+\\-@";
  const auto refuse = [name](const std::string& what) {
    return Refuse(absl::StrCat("segment name \"", std::string(name.substr(0, kMostCharacters)),
                               "\": ", what));
  };
  if (name.empty()) return refuse("a name has 1 to 200 characters");
  std::size_t characters = 0;
  for (std::string_view rest = name; !rest.empty();) {
    const std::optional<char32_t> character = internal::TakeCharacter(rest);
    if (!character.has_value() || (!internal::IsLetterDigitOrSpace(*character) &&
                                   kSigns.find(*character) == std::u32string_view::npos)) {
      return refuse("names are made of letters, digits, spaces and _.:/%&#=+\\-@");
    }
    if (++characters > kMostCharacters) return refuse("a name has 1 to 200 characters");
  }
  return absl::OkStatus();
}

// Writes a member if there is something to write.
absl::Status AddText(Json& json, const std::string& member, const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  const std::size_t characters = internal::CountCharacters(text);
  if (characters > Span::kMostTextCharacters) {
    return Refuse(
        absl::StrCat("segment member \"", member, "\": ", characters, " characters, at most 250"));
  }
  json[member] = text;
  return absl::OkStatus();
}

// Whole microseconds: a double holds no more of today's times.
double Seconds(absl::Time time) { return static_cast<double>(absl::ToUnixMicros(time)) / 1e6; }

Json ToJson(const AnnotationValue& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

absl::Status AddIds(Json& document, const Span& span) {
  const bool has_parent = !span.parent_id.is_zero();
  if (span.trace_id.is_zero() || span.span_id.is_zero())
    return Refuse("a segment has a trace id and an id");
  if (!span.is_segment && !has_parent) return Refuse("a subsegment has a parent id");
  const std::string& name =
      span.is_segment && !span.service_name.empty() ? span.service_name : span.name;
  RIACHO_RETURN_IF_ERROR(CheckName(name));
  document["name"] = name;
  document["id"] = span.span_id.ToString();
  document["trace_id"] = span.trace_id.ToString();
  if (has_parent) document["parent_id"] = span.parent_id.ToString();
  if (!span.is_segment) document["type"] = "subsegment";
  document["start_time"] = Seconds(span.start_time);
  if (span.in_progress()) {
    document["in_progress"] = true;
  } else {
    document["end_time"] = Seconds(*span.end_time);
  }
  return absl::OkStatus();
}

absl::Status AddAws(Json& document, const Span& span) {
  Json aws = Json::object();
  if (span.aws.has_value()) {
    RIACHO_RETURN_IF_ERROR(AddText(aws, "operation", span.aws->operation));
    RIACHO_RETURN_IF_ERROR(AddText(aws, "account_id", span.aws->account_id));
    RIACHO_RETURN_IF_ERROR(AddText(aws, "region", span.aws->region));
    RIACHO_RETURN_IF_ERROR(AddText(aws, "request_id", span.aws->request_id));
    if (!span.aws->resource_names.empty()) aws["resource_names"] = span.aws->resource_names;
  }
  if (!span.sampling_rule_name.empty())
    aws["xray"] = {{"sampling_rule_name", span.sampling_rule_name}};
  if (!aws.empty()) document["aws"] = std::move(aws);
  return absl::OkStatus();
}

absl::Status AddHttp(Json& document, const Span& span) {
  if (!span.http.has_value()) return absl::OkStatus();
  Json request = Json::object();
  RIACHO_RETURN_IF_ERROR(AddText(request, "method", span.http->method));
  RIACHO_RETURN_IF_ERROR(AddText(request, "url", span.http->url));
  if (span.http->traced) request["traced"] = true;
  Json http = Json::object();
  if (!request.empty()) http["request"] = std::move(request);
  if (span.http->status.has_value()) http["response"] = {{"status", *span.http->status}};
  if (!http.empty()) document["http"] = std::move(http);
  return absl::OkStatus();
}

absl::Status AddCause(Json& document, const Span& span) {
  if (span.error) document["error"] = true;
  if (span.throttle) document["throttle"] = true;
  if (span.fault) document["fault"] = true;
  Json exceptions = Json::array();
  for (const SpanException& exception : span.exceptions) {
    Json& json = exceptions.emplace_back(Json{{"id", exception.id.ToString()}});
    RIACHO_RETURN_IF_ERROR(AddText(json, "message", exception.message));
    RIACHO_RETURN_IF_ERROR(AddText(json, "type", exception.type));
    if (exception.remote) json["remote"] = true;
  }
  if (!exceptions.empty()) document["cause"] = {{"exceptions", std::move(exceptions)}};
  return absl::OkStatus();
}

absl::Status AddAnnotationsAndMetadata(Json& document, const Span& span) {
  Json annotations = Json::object();
  Json metadata = Json::object();
  const std::string own(Span::kOwnMetadata);
  for (const auto& [metadata_namespace, values] : span.metadata) {
    for (const auto& [key, json] : values) {
      RIACHO_RETURN_IF_ERROR(CheckMetadata(metadata_namespace, key, json));
      metadata[metadata_namespace][key] = Json::parse(json);
    }
  }
  if (span.is_segment && !span.name.empty() && document["name"] != span.name)
    metadata[own]["span_name"] = span.name;
  for (const auto& [key, value] : span.annotations) {
    RIACHO_RETURN_IF_ERROR(CheckAnnotation(key, value));
    const bool is_indexed = annotations.size() < Span::kMostAnnotations;
    (is_indexed ? annotations : metadata[own]["annotations"])[key] = ToJson(value);
  }
  if (!annotations.empty()) document["annotations"] = std::move(annotations);
  if (!metadata.empty()) document["metadata"] = std::move(metadata);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ToSegmentDocument(const Span& span) {
  Json document = Json::object();
  RIACHO_RETURN_IF_ERROR(AddIds(document, span));
  if (span.is_segment) {
    RIACHO_RETURN_IF_ERROR(AddText(document, "origin", span.origin));
    RIACHO_RETURN_IF_ERROR(AddText(document, "user", span.user));
  } else if (span.span_namespace != SpanNamespace::kLocal) {
    document["namespace"] = span.span_namespace == SpanNamespace::kAws ? "aws" : "remote";
  }
  RIACHO_RETURN_IF_ERROR(AddHttp(document, span));
  RIACHO_RETURN_IF_ERROR(AddAws(document, span));
  RIACHO_RETURN_IF_ERROR(AddCause(document, span));
  for (const SpanLink& link : span.links) {
    document["links"].push_back(
        {{"trace_id", link.trace_id.ToString()}, {"id", link.span_id.ToString()}});
  }
  RIACHO_RETURN_IF_ERROR(AddAnnotationsAndMetadata(document, span));
  std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMostSegmentDocumentBytes) {
    return Refuse(absl::StrCat("the segment document of ", span.span_id.ToString(), " has ",
                               text.size(), " bytes, at most ", kMostSegmentDocumentBytes));
  }
  return text;
}

}  // namespace riacho
