#include "security/policy_parser.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Malformed(const std::string& where, const std::string& what) {
  return MakeError(ErrorCode::kInvalidArgument, where.empty() ? what : where + ": " + what);
}

// Of something unexpected: short texts, numbers and flags themselves, else what kind it is.
std::string Show(const Json& value) {
  constexpr std::size_t kMostShown = 200;
  if (value.is_string() && value.get_ref<const std::string&>().size() > kMostShown)
    return "a longer string";
  if (value.is_string() || value.is_number() || value.is_boolean()) return value.dump();
  return value.is_null() ? "null" : value.is_array() ? "a list" : "an object";
}

absl::Status Expected(const std::string& where, const std::string& what, const Json& found) {
  return Malformed(where, "expected " + what + ", found " + Show(found));
}

// "line 3, column 7" of a byte of the text, both from 1.
std::string Place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(text.size(), byte == 0 ? 0 : byte - 1));
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t last_break = before.rfind('\n');
  const std::size_t column =
      last_break == std::string_view::npos ? before.size() : before.size() - last_break - 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

// The parser keeps one of two equal keys in silence, so they are looked for as they pass.
absl::StatusOr<Json> ReadJson(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  std::optional<std::string> repeated;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      repeated = parsed.get<std::string>();
    return true;
  };
  try {
    Json json = Json::parse(text.begin(), text.end(), watch);
    if (repeated.has_value())
      return Malformed("", "the element \"" + *repeated + "\" is given twice");
    return json;
  } catch (const Json::parse_error& error) {
    return Malformed("", "This policy contains invalid Json: " + Place(text, error.byte));
  } catch (const Json::exception&) {  // a number that no double can hold
    return Malformed("", "This policy contains invalid Json: a number is out of range");
  }
}

void Normalize(Json& json) {
  if (json.is_array() && json.size() == 1 && json.front().is_primitive()) {
    Json only = std::move(json.front());
    json = std::move(only);
  } else if (json.is_structured()) {
    for (Json& element : json) Normalize(element);
  }
}

// A string, or a list of strings that is not empty.
absl::StatusOr<std::vector<std::string>> ReadTexts(const std::string& where, const Json& json) {
  std::vector<std::string> texts;
  if (json.is_string()) return std::vector{json.get<std::string>()};
  if (!json.is_array() || json.empty())
    return Expected(where, "a string or a list of strings", json);
  for (const Json& element : json) {
    if (!element.is_string()) return Expected(where, "a string or a list of strings", element);
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool IsAccountId(std::string_view text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool HasWildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool IsAction(std::string_view text) {
  if (text == "*") return true;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto in_service = [](char c) { return IsLetterOrDigit(c) || c == '-'; };
  const auto in_name = [](char c) { return IsLetterOrDigit(c) || c == '*' || c == '?'; };
  return std::ranges::all_of(text.substr(0, colon), in_service) &&
         std::ranges::all_of(text.substr(colon + 1), in_name);
}

bool IsResource(std::string_view text) {
  return text.starts_with("arn:") ||
         (!text.empty() && std::ranges::all_of(text, [](char c) { return c == '*'; }));
}

absl::Status ReadActions(const std::string& where, const Json& json, Statement& statement) {
  const absl::StatusOr<std::vector<std::string>> texts = ReadTexts(where, json);
  RIACHO_RETURN_IF_ERROR(texts.status());
  for (const std::string& text : *texts) {
    if (!IsAction(text)) {
      return Expected(where,
                      "\"*\" or an action such as \"kinesis:Put*\", without a wildcard before the "
                      "colon",
                      text);
    }
    absl::StatusOr<Pattern> pattern = Pattern::Compile(text, {.ignore_case = true});
    RIACHO_RETURN_IF_ERROR(pattern.status());
    statement.actions.push_back(*std::move(pattern));
  }
  return absl::OkStatus();
}

absl::Status ReadResources(const std::string& where, const Json& json, bool variables,
                           Statement& statement) {
  absl::StatusOr<std::vector<std::string>> texts = ReadTexts(where, json);
  RIACHO_RETURN_IF_ERROR(texts.status());
  for (const std::string& text : *texts) {
    if (!IsResource(text)) return Expected(where, "\"*\" or an ARN", text);
    absl::StatusOr<Pattern> pattern = Pattern::Compile(text, {.variables = variables});
    if (!pattern.ok()) return Malformed(where, std::string(ErrorMessage(pattern.status())));
    pattern->AddNeededKeys(statement.needed_keys);
    statement.resources.push_back(*std::move(pattern));
  }
  statement.resource_texts = *std::move(texts);
  return absl::OkStatus();
}

absl::StatusOr<PrincipalElement> ReadAwsPrincipal(const std::string& where,
                                                  const std::string& text) {
  using Kind = PrincipalElement::Kind;
  if (text == "*") return PrincipalElement{.kind = Kind::kAnyone};
  if (IsAccountId(text)) return PrincipalElement{.kind = Kind::kAccount, .text = text};
  std::vector<std::string> fields(1);
  for (const char c : text) {
    if (c == ':' && fields.size() < 6) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  const bool is_arn = fields.size() == 6 && fields[0] == "arn" && !fields[1].empty() &&
                      fields[3].empty() && IsAccountId(fields[4]) && !HasWildcard(text);
  const auto names = [&fields](std::string_view service, std::string_view prefix) {
    return fields[2] == service && fields[5].starts_with(prefix) &&
           fields[5].size() > prefix.size();
  };
  if (is_arn && fields[2] == "iam" && fields[5] == "root")
    return PrincipalElement{.kind = Kind::kAccount, .text = fields[4]};
  if (is_arn && (names("iam", "user/") || names("iam", "role/") || names("sts", "assumed-role/") ||
                 names("sts", "federated-user/"))) {
    return PrincipalElement{.kind = Kind::kArn, .text = text};
  }
  return Expected(where,
                  "\"*\", an account of twelve digits, or the ARN of an account, a user, a role or "
                  "a session without wildcards",
                  text);
}

absl::Status ReadPrincipals(const std::string& where, const Json& json, Statement& statement) {
  using Kind = PrincipalElement::Kind;
  if (json == "*") {
    statement.principals = {{.kind = Kind::kAnyone}};
    return absl::OkStatus();
  }
  if (!json.is_object() || json.empty()) {
    return Expected(where, "\"*\" or an object of AWS, Service, Federated or CanonicalUser", json);
  }
  for (const auto& [type, value] : json.items()) {
    const std::string at = where + "." + type;
    const absl::StatusOr<std::vector<std::string>> texts = ReadTexts(at, value);
    RIACHO_RETURN_IF_ERROR(texts.status());
    for (const std::string& text : *texts) {
      if (type == "AWS") {
        absl::StatusOr<PrincipalElement> element = ReadAwsPrincipal(at, text);
        RIACHO_RETURN_IF_ERROR(element.status());
        statement.principals.push_back(*std::move(element));
      } else if (type == "Service" || type == "Federated" || type == "CanonicalUser") {
        if (text.empty() || HasWildcard(text))
          return Expected(at, "a name without wildcards", text);
        statement.principals.push_back(
            {.kind = type == "Service" ? Kind::kService : Kind::kOther, .text = text});
      } else {
        return Malformed(
            where, "expected AWS, Service, Federated or CanonicalUser, found \"" + type + "\"");
      }
    }
  }
  return absl::OkStatus();
}

// The texts of one key: strings, numbers and flags, one or several.
absl::StatusOr<std::vector<std::string>> ReadConditionValues(const std::string& where,
                                                             const Json& json) {
  std::vector<std::string> values;
  const auto add = [&values](const Json& value) {
    if (value.is_string()) {
      values.push_back(value.get<std::string>());
    } else if (value.is_number() || value.is_boolean()) {
      values.push_back(value.dump());
    } else {
      return false;
    }
    return true;
  };
  if (json.is_array() ? !json.empty() && std::ranges::all_of(json, add) : add(json)) return values;
  return Expected(where, "strings, numbers, true or false", json);
}

absl::Status ReadConditions(const std::string& where, const Json& json, bool variables,
                            Statement& statement) {
  if (!json.is_object()) return Expected(where, "an object of condition operators", json);
  for (const auto& [op, keys] : json.items()) {
    const std::string at_operator = where + "." + op;
    if (!keys.is_object() || keys.empty())
      return Expected(at_operator, "an object of condition keys", keys);
    for (const auto& [key, value] : keys.items()) {
      const std::string at = at_operator + "." + key;
      const absl::StatusOr<std::vector<std::string>> values = ReadConditionValues(at, value);
      RIACHO_RETURN_IF_ERROR(values.status());
      absl::StatusOr<Condition> condition = Condition::Compile(op, key, *values, variables);
      if (!condition.ok()) return Malformed(at, std::string(ErrorMessage(condition.status())));
      condition->AddNeededKeys(statement.needed_keys);
      statement.conditions.push_back(*std::move(condition));
    }
  }
  return absl::OkStatus();
}

// Exactly one of two elements; which.
absl::StatusOr<std::string> OneOf(const std::string& where, const Json& json,
                                  const std::string& name) {
  const bool plain = json.contains(name);
  const bool negated = json.contains("Not" + name);
  if (plain && negated) return Malformed(where, "has both " + name + " and Not" + name);
  if (!plain && !negated) return Malformed(where, "has neither " + name + " nor Not" + name);
  return plain ? name : "Not" + name;
}

absl::Status CheckElements(const std::string& where, const Json& json,
                           const std::vector<std::string>& known) {
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(known, name) == known.end())
      return Malformed(where, "the element \"" + name + "\" is not known");
  }
  return absl::OkStatus();
}

absl::Status ReadSid(const std::string& where, const Json& json, PolicyKind kind,
                     Statement& statement) {
  if (!json.contains("Sid")) return absl::OkStatus();
  const Json& sid = json["Sid"];
  if (!sid.is_string()) return Expected(where + ".Sid", "a string", sid);
  statement.sid = sid.get<std::string>();
  if (kind == PolicyKind::kIdentity && !std::ranges::all_of(statement.sid, IsLetterOrDigit))
    return Expected(where + ".Sid", "letters and digits", sid);
  return absl::OkStatus();
}

absl::Status ReadWho(const std::string& where, const Json& json, PolicyKind kind,
                     Statement& statement) {
  if (kind == PolicyKind::kIdentity) {
    for (const char* name : {"Principal", "NotPrincipal"}) {
      if (json.contains(name))
        return Malformed(where + "." + name, "has no place in an identity policy");
    }
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> name = OneOf(where, json, "Principal");
  RIACHO_RETURN_IF_ERROR(name.status());
  statement.not_principal = *name == "NotPrincipal";
  if (statement.not_principal && statement.allow)
    return Malformed(where + ".NotPrincipal", "goes with the Effect \"Deny\" only");
  return ReadPrincipals(where + "." + *name, json[*name], statement);
}

absl::StatusOr<Statement> ReadStatement(const std::string& where, const Json& json, PolicyKind kind,
                                        bool variables) {
  if (!json.is_object()) return Expected(where, "an object", json);
  RIACHO_RETURN_IF_ERROR(CheckElements(where, json,
                                       {"Sid", "Principal", "NotPrincipal", "Effect", "Action",
                                        "NotAction", "Resource", "NotResource", "Condition"}));
  Statement statement;
  RIACHO_RETURN_IF_ERROR(ReadSid(where, json, kind, statement));
  if (!json.contains("Effect")) return Malformed(where, "has no Effect");
  const Json& effect = json["Effect"];
  if (effect != "Allow" && effect != "Deny")
    return Expected(where + ".Effect", R"("Allow" or "Deny")", effect);
  statement.allow = effect == "Allow";
  RIACHO_RETURN_IF_ERROR(ReadWho(where, json, kind, statement));

  const absl::StatusOr<std::string> action = OneOf(where, json, "Action");
  RIACHO_RETURN_IF_ERROR(action.status());
  statement.not_action = *action == "NotAction";
  RIACHO_RETURN_IF_ERROR(ReadActions(where + "." + *action, json[*action], statement));

  const absl::StatusOr<std::string> resource = OneOf(where, json, "Resource");
  RIACHO_RETURN_IF_ERROR(resource.status());
  statement.not_resource = *resource == "NotResource";
  RIACHO_RETURN_IF_ERROR(
      ReadResources(where + "." + *resource, json[*resource], variables, statement));
  if (json.contains("Condition")) {
    RIACHO_RETURN_IF_ERROR(
        ReadConditions(where + ".Condition", json["Condition"], variables, statement));
  }
  return statement;
}

absl::StatusOr<bool> ReadVersion(const Json& json) {
  if (!json.contains("Version")) return false;
  const Json& version = json["Version"];
  if (version != "2012-10-17" && version != "2008-10-17")
    return Expected("Version", R"("2012-10-17" or "2008-10-17")", version);
  return version == "2012-10-17";
}

}  // namespace

absl::StatusOr<PolicyDocument> ParsePolicy(std::string_view text, PolicyKind kind) {
  absl::StatusOr<Json> read = ReadJson(text);
  RIACHO_RETURN_IF_ERROR(read.status());
  const Json& json = *read;
  if (!json.is_object()) return Expected("", "an object", json);
  RIACHO_RETURN_IF_ERROR(CheckElements("", json, {"Version", "Id", "Statement"}));
  const absl::StatusOr<bool> variables = ReadVersion(json);
  RIACHO_RETURN_IF_ERROR(variables.status());
  if (json.contains("Id")) {
    if (kind == PolicyKind::kIdentity) return Malformed("Id", "has no place in an identity policy");
    if (!json["Id"].is_string()) return Expected("Id", "a string", json["Id"]);
  }
  if (!json.contains("Statement")) return Malformed("", "has no Statement");

  PolicyDocument document = {.kind = kind};
  const Json& statements = json["Statement"];
  const bool is_list = statements.is_array();
  if (is_list && statements.empty())
    return Malformed("Statement", "expected an object or a list of objects, found an empty list");
  std::set<std::string> sids;
  for (std::size_t i = 0; i < (is_list ? statements.size() : 1); ++i) {
    const std::string where = is_list ? "Statement[" + std::to_string(i + 1) + "]" : "Statement";
    absl::StatusOr<Statement> statement =
        ReadStatement(where, is_list ? statements[i] : statements, kind, *variables);
    RIACHO_RETURN_IF_ERROR(statement.status());
    if (!statement->sid.empty() && !sids.insert(statement->sid).second)
      return Malformed(where + ".Sid", "\"" + statement->sid + "\" is given twice");
    statement->number = i + 1;
    document.statements.push_back(*std::move(statement));
  }
  Normalize(*read);
  document.text = read->dump();
  return document;
}

}  // namespace riacho::internal
