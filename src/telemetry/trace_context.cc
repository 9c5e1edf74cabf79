#include "riacho/telemetry/trace_context.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

absl::Status Malformed(const std::string& header, const std::string& what) {
  return MakeError(ErrorCode::kInvalidArgument, header + ": " + what);
}

absl::Status MalformedHeader(const std::string& what) {
  return Malformed(std::string(kTraceHeader), what);
}

absl::Status MalformedParent(const std::string& what) {
  return Malformed(std::string(kTraceparentHeader), what);
}

// What others sent may be long.
std::string Quoted(std::string_view text) {
  constexpr std::size_t kMostShown = 100;
  const std::string_view dots = text.size() > kMostShown ? "..." : "";
  return std::string("\"").append(text.substr(0, kMostShown)).append(dots).append("\"");
}

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// The text up to the separator, which is taken off with it; all of it if there is none.
std::string_view TakeUntil(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::optional<SamplingDecision> ParseSampled(std::string_view text) {
  if (text == "0") return SamplingDecision::kNotSampled;
  if (text == "1") return SamplingDecision::kSampled;
  if (text == "?") return SamplingDecision::kRequested;
  return std::nullopt;
}

std::string_view SampledText(SamplingDecision decision) {
  switch (decision) {
    case SamplingDecision::kNotSampled:
      return "0";
    case SamplingDecision::kSampled:
      return "1";
    case SamplingDecision::kRequested:
      return "?";
    case SamplingDecision::kUndecided:
      break;
  }
  return "";
}

// Of the pairs that X-Ray knows each may come once.
absl::Status ReadPair(std::string_view key, std::string_view value, TraceContext& context) {
  const auto refuse = [&](bool twice, std::string_view expected) {
    return MalformedHeader(twice ? std::string(key) + " is there twice"
                                 : std::string(key)
                                       .append(" ")
                                       .append(Quoted(value))
                                       .append(" is not ")
                                       .append(expected));
  };
  if (key == "Root") {
    const std::optional<TraceId> id = TraceId::Parse(value);
    if (!id.has_value() || !context.trace_id.is_zero()) {
      return refuse(!context.trace_id.is_zero(),
                    "1-, 8 hexadecimal digits, - and 24 more, other than 0");
    }
    context.trace_id = *id;
  } else if (key == "Parent") {
    const std::optional<SpanId> id = SpanId::Parse(value);
    if (!id.has_value() || !context.span_id.is_zero())
      return refuse(!context.span_id.is_zero(), "16 hexadecimal digits, other than 0");
    context.span_id = *id;
  } else if (key == "Sampled") {
    const std::optional<SamplingDecision> decision = ParseSampled(value);
    const bool twice = context.sampling != SamplingDecision::kUndecided;
    if (!decision.has_value() || twice) return refuse(twice, "0, 1 or ?");
    context.sampling = *decision;
  } else {
    context.other.emplace_back(key, value);
  }
  return absl::OkStatus();
}

// A key of tracestate: lower case letters, digits and _-*/, with one @ if a tenant stands before
// the system.
bool IsStateKey(std::string_view key) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_part = [&](std::string_view part, std::size_t most, bool may_begin_with_digit) {
    return !part.empty() && part.size() <= most &&
           (is_lower(part[0]) || (may_begin_with_digit && is_digit(part[0]))) &&
           std::ranges::all_of(part, [&](char c) {
             return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
           });
  };
  const std::size_t at = key.find('@');
  if (at == std::string_view::npos) return is_part(key, 256, false);
  return is_part(key.substr(0, at), 241, true) && is_part(key.substr(at + 1), 14, false);
}

bool IsStateValue(std::string_view value) {
  return !value.empty() && value.size() <= 256 && std::ranges::all_of(value, [](char c) {
    return c >= ' ' && c <= '~' && c != ',' && c != '=';
  });
}

// No members if any of it is broken.
std::vector<std::pair<std::string, std::string>> ParseTracestate(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> members;
  while (!text.empty()) {
    std::string_view value = Trim(TakeUntil(text, ','));
    if (value.empty()) continue;
    if (value.find('=') == std::string_view::npos) return {};
    const std::string_view key = TakeUntil(value, '=');
    const bool known =
        std::ranges::any_of(members, [key](const auto& m) { return m.first == key; });
    if (!IsStateKey(key) || !IsStateValue(value) || known) return {};
    if (members.size() == kMostTraceStateMembers) return {};
    members.emplace_back(key, value);
  }
  return members;
}

// The byte that two lower-case hexadecimal digits stand for.
std::optional<unsigned> ParseByte(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t high = kDigits.find(text[0]);
  const std::size_t low = kDigits.find(text[1]);
  if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(high * 16 + low);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, SamplingDecision decision) {
  switch (decision) {
    case SamplingDecision::kUndecided:
      return out << "undecided";
    case SamplingDecision::kNotSampled:
      return out << "not sampled";
    case SamplingDecision::kSampled:
      return out << "sampled";
    case SamplingDecision::kRequested:
      return out << "requested";
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const TraceContext& context) {
  return out << ToTraceHeader(context);
}

absl::StatusOr<TraceContext> ParseTraceHeader(std::string_view header) {
  // What is printed again must not end another header's line.
  const auto is_control = [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); };
  if (std::ranges::any_of(header, is_control)) return MalformedHeader("it has a control character");
  TraceContext context = {.is_remote = true};
  while (!header.empty()) {
    std::string_view value = Trim(TakeUntil(header, ';'));
    if (value.empty()) continue;
    const std::string_view pair = value;
    const bool has_value = pair.find('=') != std::string_view::npos;
    const std::string_view key = Trim(TakeUntil(value, '='));
    if (!has_value || key.empty())
      return MalformedHeader(Quoted(pair) + " is not a key, = and a value");
    RIACHO_RETURN_IF_ERROR(ReadPair(key, Trim(value), context));
  }
  if (context.trace_id.is_zero()) return MalformedHeader("it has no Root");
  return context;
}

std::string ToTraceHeader(const TraceContext& context) {
  std::string header;
  const auto add = [&header](std::string_view key, std::string_view value) {
    header.append(header.empty() ? "" : ";").append(key).append("=").append(value);
  };
  if (!context.trace_id.is_zero()) add("Root", context.trace_id.ToString());
  if (!context.span_id.is_zero()) add("Parent", context.span_id.ToString());
  if (context.sampling != SamplingDecision::kUndecided)
    add("Sampled", SampledText(context.sampling));
  for (const auto& [key, value] : context.other) add(key, value);
  return header;
}

absl::StatusOr<TraceContext> ParseTraceparent(std::string_view traceparent,
                                              std::string_view tracestate) {
  constexpr std::size_t kSize = 55;  // "00-" 32 digits "-" 16 digits "-" 2 digits
  const std::string_view text = Trim(traceparent);
  if (text.size() < kSize || text[2] != '-' || text[35] != '-' || text[52] != '-') {
    return MalformedParent(Quoted(text) +
                           " is not 2, 32, 16 and 2 hexadecimal digits with - between them");
  }
  const std::optional<unsigned> version = ParseByte(text.substr(0, 2));
  if (!version.has_value() || *version == 0xff)
    return MalformedParent("there is no version " + Quoted(text.substr(0, 2)));
  if (text.size() > kSize && (*version == 0 || text[kSize] != '-'))
    return MalformedParent(Quoted(text.substr(kSize)) + " stands behind the flags");

  const std::optional<TraceId> trace_id = TraceId::ParseW3c(text.substr(3, 32));
  if (!trace_id.has_value()) {
    return MalformedParent("the trace id " + Quoted(text.substr(3, 32)) +
                           " is not 32 hexadecimal digits in lower case, other than 0");
  }
  const std::string_view parent = text.substr(36, 16);
  const std::optional<SpanId> span_id = SpanId::Parse(parent);
  if (!span_id.has_value() || span_id->ToString() != parent) {
    return MalformedParent("the parent id " + Quoted(parent) +
                           " is not 16 hexadecimal digits in lower case, other than 0");
  }
  const std::optional<unsigned> flags = ParseByte(text.substr(53, 2));
  if (!flags.has_value()) {
    return MalformedParent("the flags " + Quoted(text.substr(53, 2)) +
                           " are not 2 hexadecimal digits in lower case");
  }
  return TraceContext{
      .trace_id = *trace_id,
      .span_id = *span_id,
      .sampling = (*flags & 1U) != 0 ? SamplingDecision::kSampled : SamplingDecision::kNotSampled,
      .is_remote = true,
      .trace_state = ParseTracestate(tracestate)};
}

std::string ToTraceparent(const TraceContext& context) {
  return "00-" + context.trace_id.ToW3c() + "-" + context.span_id.ToString() +
         (context.sampling == SamplingDecision::kSampled ? "-01" : "-00");
}

std::string ToTracestate(const TraceContext& context) {
  std::string text;
  for (const auto& [key, value] : context.trace_state)
    text.append(text.empty() ? "" : ",").append(key).append("=").append(value);
  return text;
}

}  // namespace riacho
