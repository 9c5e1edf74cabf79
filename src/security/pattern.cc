#include "security/pattern.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/container/fixed_array.h"
#include "absl/strings/ascii.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kArnFields = 6;

absl::Status Malformed(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

bool EqualText(std::string_view a, std::string_view b, bool ignore_case) {
  if (!ignore_case) return a == b;
  return std::ranges::equal(
      a, b, {}, [](char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); },
      [](char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); });
}

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The length of the character, which may have several bytes, at the beginning of `text`.
std::size_t CharacterBytes(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) ++bytes;
  return bytes;
}

}  // namespace

absl::StatusOr<Pattern> Pattern::Compile(std::string_view text, Syntax syntax) {
  Pattern pattern;
  pattern.ignore_case_ = syntax.ignore_case;
  while (!text.empty()) {
    if (syntax.variables && text.starts_with("${")) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) {
        return Malformed("the policy variable \"" + std::string(text) + "\" has no closing brace");
      }
      RIACHO_RETURN_IF_ERROR(pattern.AddVariable(text.substr(2, end - 2)));
      text.remove_prefix(end + 1);
      continue;
    }
    if (syntax.wildcards && text[0] == '*') {
      if (pattern.parts_.empty() || pattern.parts_.back().kind != Part::Kind::kAnyRun)
        pattern.parts_.push_back({.kind = Part::Kind::kAnyRun});
    } else if (syntax.wildcards && text[0] == '?') {
      pattern.parts_.push_back({.kind = Part::Kind::kAnyOne});
    } else {
      pattern.AddLiteral(text.substr(0, 1));
    }
    text.remove_prefix(1);
  }
  return pattern;
}

void Pattern::AddLiteral(std::string_view text) {
  if (parts_.empty() || parts_.back().kind != Part::Kind::kLiteral) parts_.push_back({});
  parts_.back().text.append(text);
}

absl::Status Pattern::AddVariable(std::string_view inside) {
  if (inside == "*" || inside == "?" || inside == "$") {
    AddLiteral(inside);
    return absl::OkStatus();
  }
  Part part = {.kind = Part::Kind::kVariable};
  const std::size_t comma = inside.find(',');
  part.text = absl::AsciiStrToLower(std::string(Trim(inside.substr(0, comma))));
  if (part.text.empty()) return Malformed("a policy variable has no name");
  if (comma != std::string_view::npos) {
    const std::string_view otherwise = Trim(inside.substr(comma + 1));
    if (otherwise.size() < 2 || !otherwise.starts_with('\'') || !otherwise.ends_with('\'')) {
      return Malformed("the default of the policy variable \"" + part.text +
                       "\" must stand between single quotes");
    }
    part.otherwise = std::string(otherwise.substr(1, otherwise.size() - 2));
  }
  parts_.push_back(std::move(part));
  ++variables_;
  return absl::OkStatus();
}

bool Pattern::matches_all() const {
  return parts_.size() == 1 && parts_[0].kind == Part::Kind::kAnyRun;
}

void Pattern::AddNeededKeys(std::vector<std::string>& keys) const {
  for (const Part& part : parts_) {
    if (part.kind == Part::Kind::kVariable && !part.otherwise.has_value())
      keys.push_back(part.text);
  }
}

// Only the last run needs to be tried again: what stands before it has matched as early as it can,
// which leaves the most to the rest.
template <typename TextOf>
bool Pattern::MatchParts(std::string_view text, TextOf&& text_of) const {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t part = 0;
  std::size_t at = 0;
  std::size_t after_run = kNone;  // the part behind the last run
  std::size_t run_end = 0;        // where that run ends, as tried now
  for (;;) {
    if (part == parts_.size()) {
      if (at == text.size()) return true;
    } else if (parts_[part].kind == Part::Kind::kAnyRun) {
      after_run = ++part;
      run_end = at;
      continue;
    } else if (parts_[part].kind == Part::Kind::kAnyOne) {
      if (at < text.size()) {
        at += CharacterBytes(text.substr(at));
        ++part;
        continue;
      }
    } else {
      const std::string_view piece = text_of(part);
      if (EqualText(text.substr(at, piece.size()), piece, ignore_case_)) {
        at += piece.size();
        ++part;
        continue;
      }
    }
    if (after_run == kNone || run_end == text.size()) return false;
    at = ++run_end;
    part = after_run;
  }
}

bool Pattern::Matches(std::string_view text, const ConditionKeys& keys) const {
  if (variables_ == 0) {
    return MatchParts(text,
                      [this](std::size_t part) -> std::string_view { return parts_[part].text; });
  }
  absl::FixedArray<KeyValues, 8> values(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].kind == Part::Kind::kVariable) keys.Find(parts_[i].text, values[i]);
  }
  return MatchParts(text, [&](std::size_t part) -> std::string_view {
    if (parts_[part].kind != Part::Kind::kVariable) return parts_[part].text;
    if (values[part].values().size() == 1) return values[part].values()[0];
    return parts_[part].otherwise.has_value() ? *parts_[part].otherwise : std::string_view();
  });
}

absl::StatusOr<ArnPattern> ArnPattern::Compile(std::string_view text, bool variables) {
  ArnPattern pattern;
  if (text == "*") text = "*:*:*:*:*:*";
  std::size_t begin = 0;
  bool in_variable = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size()) {
      if (variables && text.substr(i).starts_with("${")) in_variable = true;
      if (text[i] == '}') in_variable = false;
      if (text[i] != ':' || in_variable || pattern.fields_.size() + 1 == kArnFields) continue;
    }
    absl::StatusOr<Pattern> field = Pattern::Compile(text.substr(begin, i - begin),
                                                     {.wildcards = true, .variables = variables});
    RIACHO_RETURN_IF_ERROR(field.status());
    pattern.fields_.push_back(*std::move(field));
    begin = i + 1;
  }
  return pattern;
}

bool ArnPattern::Matches(std::string_view text, const ConditionKeys& keys) const {
  if (fields_.size() != kArnFields) return false;
  std::array<std::string_view, kArnFields> parts;
  for (std::size_t i = 0; i < kArnFields; ++i) {
    const std::size_t colon = i + 1 == kArnFields ? text.size() : text.find(':');
    if (colon == std::string_view::npos) return false;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(std::min(text.size(), colon + 1));
  }
  for (std::size_t i = 0; i < kArnFields; ++i) {
    if (!fields_[i].Matches(parts[i], keys)) return false;
  }
  return true;
}

void ArnPattern::AddNeededKeys(std::vector<std::string>& keys) const {
  for (const Pattern& field : fields_) field.AddNeededKeys(keys);
}

}  // namespace riacho::internal
