#include "riacho/telemetry/open_span.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/return_if_error.h"
#include "base/unicode.h"
#include "riacho/model/error.h"
#include "riacho/telemetry/tracer.h"

namespace riacho {
namespace {

// As much of it as X-Ray takes, without the half of a character at the end.
std::string Shorten(std::string_view text) {
  std::string_view rest = text;
  for (std::size_t i = 0; i < Span::kMostTextCharacters && !rest.empty(); ++i) {
    if (!internal::TakeCharacter(rest).has_value()) rest.remove_prefix(1);
  }
  return std::string(text.substr(0, text.size() - rest.size()));
}

bool IsFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kDeadlineExceeded;
}

std::string TypeOf(const absl::Status& status) {
  const std::optional<ErrorCode> code = GetErrorCode(status);
  return code.has_value() ? std::string(ErrorCodeName(*code))
                          : absl::StatusCodeToString(status.code());
}

}  // namespace

OpenSpan& OpenSpan::operator=(OpenSpan&& other) noexcept {
  if (this == &other) return *this;
  End();
  tracer_ = other.tracer_;
  context_ = std::move(other.context_);
  span_ = std::move(other.span_);
  return *this;
}

OpenSpan::~OpenSpan() { End(); }

absl::Status OpenSpan::Annotate(std::string_view key, AnnotationValue value) {
  if (span_ == nullptr) return absl::OkStatus();
  RIACHO_RETURN_IF_ERROR(CheckAnnotation(key, value));
  const auto known = std::ranges::find(
      span_->annotations, key,
      [](const auto& annotation) -> std::string_view { return annotation.first; });
  if (known != span_->annotations.end()) {
    known->second = std::move(value);
  } else {
    span_->annotations.emplace_back(key, std::move(value));
  }
  return absl::OkStatus();
}

absl::Status OpenSpan::SetMetadata(std::string_view metadata_namespace, std::string_view key,
                                   std::string_view json) {
  if (span_ == nullptr) return absl::OkStatus();
  RIACHO_RETURN_IF_ERROR(CheckMetadata(metadata_namespace, key, json));
  span_->metadata[std::string(metadata_namespace)][std::string(key)] = std::string(json);
  return absl::OkStatus();
}

void OpenSpan::RecordError(const absl::Status& status) { AddException(status, /*remote=*/false); }

void OpenSpan::AddException(const absl::Status& status, bool remote) {
  if (span_ == nullptr || status.ok()) return;
  const bool is_fault = IsFault(status.code());
  span_->fault |= is_fault;
  span_->error |= !is_fault;
  span_->throttle |= absl::IsResourceExhausted(status);
  span_->exceptions.push_back({.id = tracer_->NewSpanId(),
                               .message = Shorten(ErrorMessage(status)),
                               .type = TypeOf(status),
                               .remote = remote});
}

void OpenSpan::End() {
  if (span_ != nullptr) tracer_->Finish(std::move(span_));
}

SpanScope::SpanScope(const OpenSpan& span) : SpanScope(*span.tracer_, span.context_) {}

SpanScope::SpanScope(const Tracer& tracer, TraceContext context)
    : tracer_(&tracer), context_(std::move(context)), outer_(innermost_) {
  innermost_ = this;
}

// The innermost one, unless somebody has kept one for longer than what it was in.
SpanScope::~SpanScope() {
  SpanScope** place = &innermost_;
  while (*place != this) {
    RIACHO_CHECK(*place != nullptr, "a SpanScope ended in another thread than it began in");
    place = &(*place)->outer_;
  }
  *place = outer_;
}

}  // namespace riacho
