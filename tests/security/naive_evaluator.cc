#include "security/naive_evaluator.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>

namespace riacho {
namespace {

using Keys = std::map<std::string, std::vector<std::string>>;

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string JoinJson(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? ",\"" : "\"") + text + "\"";
  return json + "]";
}

// A pattern, character by character; a wildcard is told from the same character as text.
struct Symbol {
  char character = 0;
  bool wild = false;
};
using Symbols = std::vector<Symbol>;

// Nothing when a variable has no value.
std::optional<Symbols> Expand(const std::string& text, bool wildcards, bool variables,
                              const Keys& keys) {
  Symbols symbols;
  const auto add = [&symbols](const std::string& literal) {
    for (const char c : literal) symbols.push_back({c, false});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (variables && text.compare(i, 2, "${") == 0) {
      const std::size_t end = text.find('}', i);
      std::string name = text.substr(i + 2, end - i - 2);
      i = end;
      if (name == "*" || name == "?" || name == "$") {
        add(name);
        continue;
      }
      std::optional<std::string> otherwise;
      if (const std::size_t comma = name.find(", '"); comma != std::string::npos) {
        otherwise = name.substr(comma + 3, name.size() - comma - 4);
        name = name.substr(0, comma);
      }
      const auto found = keys.find(Lower(name));
      if (found != keys.end() && found->second.size() == 1) {
        add(found->second[0]);
      } else if (otherwise.has_value()) {
        add(*otherwise);
      } else {
        return std::nullopt;
      }
    } else {
      symbols.push_back({text[i], wildcards && (text[i] == '*' || text[i] == '?')});
    }
  }
  return symbols;
}

bool Glob(const Symbols& pattern, std::size_t p, const std::string& text, std::size_t t) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p].wild && pattern[p].character == '*') {
    for (std::size_t rest = t; rest <= text.size(); ++rest) {
      if (Glob(pattern, p + 1, text, rest)) return true;
    }
    return false;
  }
  if (t == text.size()) return false;
  return (pattern[p].wild || pattern[p].character == text[t]) && Glob(pattern, p + 1, text, t + 1);
}

bool GlobText(const std::string& pattern, const std::string& text) {
  return Glob(*Expand(pattern, true, false, {}), 0, text, 0);
}

std::vector<std::string> Fields(const std::string& arn, bool in_pattern) {
  std::vector<std::string> fields(1);
  int depth = 0;
  for (std::size_t i = 0; i < arn.size(); ++i) {
    if (in_pattern && arn.compare(i, 2, "${") == 0) depth = 1;
    if (arn[i] == '}') depth = 0;
    if (arn[i] == ':' && depth == 0 && fields.size() < 6) {
      fields.emplace_back();
    } else {
      fields.back() += arn[i];
    }
  }
  return fields;
}

std::uint32_t Address(const std::string& text) {
  std::istringstream stream(text);
  std::uint32_t address = 0;
  for (int i = 0; i < 4; ++i) {
    std::uint32_t byte = 0;
    stream >> byte;
    stream.get();
    address = address * 256 + byte;
  }
  return address;
}

bool InRange(const std::string& address, const std::string& range) {
  const std::size_t slash = range.find('/');
  const int bits = slash == std::string::npos ? 32 : std::stoi(range.substr(slash + 1));
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  return (Address(address) & mask) == (Address(range.substr(0, slash)) & mask);
}

class Question {
 public:
  Question(const NaiveCaller& caller, const NaiveRequest& request)
      : caller_(caller), request_(request) {}

  // What one statement says: "" when it does not apply.
  bool Applies(const NaivePolicy& policy, const NaiveStatement& statement, bool& undefined) const {
    undefined = false;
    bool action = false;
    for (const std::string& pattern : statement.actions)
      action = action || GlobText(Lower(pattern), Lower(request_.action));
    bool resource = false;
    for (const std::string& text : statement.resources) {
      const std::optional<Symbols> pattern =
          Expand(text, true, policy.has_variables, request_.keys);
      if (!pattern.has_value()) {
        undefined = true;
      } else if (request_.resource == "*") {
        resource = resource || text == "*";
      } else {
        resource = resource || Glob(*pattern, 0, request_.resource, 0);
      }
    }
    bool conditions = true;
    for (const NaiveCondition& condition : statement.conditions) {
      for (const std::string& value : condition.values) {
        if (TakesVariables(condition.op) &&
            !Expand(value, false, policy.has_variables, request_.keys).has_value())
          undefined = true;
      }
      if (!undefined) conditions = conditions && Holds(policy, condition);
    }
    return !undefined && action != statement.not_action && resource != statement.not_resource &&
           conditions;
  }

  // How closely the statement names the caller: 0 not at all, 1 its account, 2 everybody, 3 its
  // role, 4 the caller itself.
  int Closeness(const NaiveStatement& statement) const {
    if (statement.principals.empty()) return 4;
    int closest = 0;
    for (const std::string& principal : statement.principals) {
      int close = 0;
      const bool is_service = caller_.type == PrincipalType::kService;
      if (principal == "*") close = 2;
      if (!is_service && (principal == caller_.account_id ||
                          principal == "arn:aws:iam::" + caller_.account_id + ":root"))
        close = 1;
      if (principal == caller_.role_arn && !caller_.role_arn.empty()) close = 3;
      if (principal == caller_.arn && caller_.type != PrincipalType::kRoot) close = 4;
      closest = std::max(closest, close);
    }
    if (!statement.not_principal) return closest;
    return closest == 0 ? 4 : 0;
  }

  bool Denies(const NaivePolicy& policy) const {
    bool undefined = false;
    for (const NaiveStatement& statement : policy.statements) {
      if (!statement.allow && Closeness(statement) > 0 && Applies(policy, statement, undefined))
        return true;
    }
    return false;
  }
  // The closeness of the closest statement that allows.
  int Allows(const NaivePolicy& policy) const {
    bool undefined = false;
    int closest = 0;
    for (const NaiveStatement& statement : policy.statements) {
      if (statement.allow && Applies(policy, statement, undefined))
        closest = std::max(closest, Closeness(statement));
    }
    return closest;
  }

 private:
  static bool TakesVariables(const std::string& op) {
    return op.starts_with("String") || op.starts_with("Arn");
  }

  bool Matches(const NaivePolicy& policy, const std::string& op, const std::string& value,
               const std::string& wanted) const {
    const bool variables = policy.has_variables;
    if (op.ends_with("IgnoreCase")) {
      std::string expanded;
      const Symbols symbols = *Expand(wanted, false, variables, request_.keys);
      for (const Symbol& symbol : symbols) expanded += symbol.character;
      return Lower(expanded) == Lower(value);
    }
    if (op == "StringEquals" || op == "StringNotEquals")
      return Glob(*Expand(wanted, false, variables, request_.keys), 0, value, 0);
    if (op == "StringLike" || op == "StringNotLike")
      return Glob(*Expand(wanted, true, variables, request_.keys), 0, value, 0);
    if (op.starts_with("Arn")) {
      const std::vector<std::string> patterns = Fields(wanted, variables);
      const std::vector<std::string> fields = Fields(value, false);
      if (patterns.size() != 6 || fields.size() != 6) return false;
      for (std::size_t i = 0; i < 6; ++i) {
        if (!Glob(*Expand(patterns[i], true, variables, request_.keys), 0, fields[i], 0))
          return false;
      }
      return true;
    }
    if (op.ends_with("IpAddress")) return InRange(value, wanted);
    if (op == "Bool") return Lower(value) == wanted;
    const double a = std::atof(value.c_str());
    const double b = std::atof(wanted.c_str());
    if (op.ends_with("LessThan")) return a < b;
    if (op.ends_with("LessThanEquals")) return a <= b;
    if (op.ends_with("GreaterThan")) return a > b;
    if (op.ends_with("GreaterThanEquals")) return a >= b;
    return a == b;
  }

  bool Holds(const NaivePolicy& policy, const NaiveCondition& condition) const {
    const auto found = request_.keys.find(Lower(condition.key));
    const std::vector<std::string> values =
        found == request_.keys.end() ? std::vector<std::string>() : found->second;
    const bool negated = condition.op.find("Not") != std::string::npos;
    if (condition.op == "Null") {
      for (const std::string& wanted : condition.values) {
        if (wanted == (values.empty() ? "true" : "false")) return true;
      }
      return false;
    }
    if (values.empty() && (condition.if_exists || condition.quantifier == "ForAllValues:"))
      return true;
    if (values.empty()) return condition.quantifier.empty() && negated;
    std::size_t good = 0;
    for (const std::string& value : values) {
      bool matched = false;
      for (const std::string& wanted : condition.values)
        matched = matched || Matches(policy, condition.op, value, wanted);
      if (matched != negated) ++good;
    }
    if (condition.quantifier == "ForAllValues:") return good == values.size();
    if (condition.quantifier == "ForAnyValue:") return good > 0;
    return negated ? good == values.size() : good > 0;
  }

  const NaiveCaller& caller_;
  const NaiveRequest& request_;
};

}  // namespace

std::string NaivePolicy::ToJson() const {
  std::string json =
      has_variables ? R"({"Version":"2012-10-17","Statement":[)" : R"({"Statement":[)";
  for (const NaiveStatement& s : statements) {
    if (&s != &statements.front()) json += ",";
    json += std::string(R"({"Effect":)") + (s.allow ? R"("Allow",)" : R"("Deny",)");
    json += (s.not_action ? R"("NotAction":)" : R"("Action":)") + JoinJson(s.actions) + ",";
    json += (s.not_resource ? R"("NotResource":)" : R"("Resource":)") + JoinJson(s.resources);
    if (!s.principals.empty()) {
      std::vector<std::string> aws;
      std::vector<std::string> services;
      for (const std::string& principal : s.principals)
        (principal.ends_with(".com") ? services : aws).push_back(principal);
      json += s.not_principal ? R"(,"NotPrincipal":{)" : R"(,"Principal":{)";
      if (!aws.empty()) json += R"("AWS":)" + JoinJson(aws);
      if (!services.empty())
        json += (aws.empty() ? R"("Service":)" : R"(,"Service":)") + JoinJson(services);
      json += "}";
    }
    std::map<std::string, std::string> by_operator;
    for (const NaiveCondition& c : s.conditions) {
      std::string& keys = by_operator[c.quantifier + c.op + (c.if_exists ? "IfExists" : "")];
      keys += (keys.empty() ? "\"" : ",\"") + c.key + "\":" + JoinJson(c.values);
    }
    if (!by_operator.empty()) {
      json += R"(,"Condition":{)";
      for (const auto& [op, keys] : by_operator) {
        if (!json.ends_with("{")) json += ",";
        json += "\"" + op + "\":{" + keys + "}";
      }
      json += "}";
    }
    json += "}";
  }
  return json + "]}";
}

NaiveAnswer EvaluateNaively(const NaiveCaller& caller, const NaiveRequest& request) {
  const Question question(caller, request);
  const bool is_root = caller.type == PrincipalType::kRoot;
  const auto deny = [](PolicyType type, bool is_explicit) {
    return NaiveAnswer{.allowed = false, .explicit_deny = is_explicit, .type = type};
  };
  const auto any_denies = [&question](const std::vector<NaivePolicy>& policies) {
    for (const NaivePolicy& policy : policies) {
      if (question.Denies(policy)) return true;
    }
    return false;
  };
  const auto allows = [&question](const std::vector<NaivePolicy>& policies) {
    for (const NaivePolicy& policy : policies) {
      if (question.Allows(policy) > 0) return true;
    }
    return false;
  };
  const auto denies = [&question](const std::optional<NaivePolicy>& policy) {
    return policy.has_value() && question.Denies(*policy);
  };
  const auto lacks = [&question](const std::optional<NaivePolicy>& policy) {
    return policy.has_value() && question.Allows(*policy) == 0;
  };
  if (any_denies(caller.service_control)) return deny(PolicyType::kServiceControlPolicy, true);
  if (denies(caller.endpoint)) return deny(PolicyType::kVpcEndpointPolicy, true);
  if (denies(request.resource_policy)) return deny(PolicyType::kResourceBasedPolicy, true);
  if (!is_root) {
    if (any_denies(caller.identity)) return deny(PolicyType::kIdentityBasedPolicy, true);
    if (denies(caller.boundary)) return deny(PolicyType::kPermissionsBoundary, true);
    if (denies(caller.session)) return deny(PolicyType::kSessionPolicy, true);
  }
  if (!caller.service_control.empty() && !allows(caller.service_control))
    return deny(PolicyType::kServiceControlPolicy, false);
  if (lacks(caller.endpoint)) return deny(PolicyType::kVpcEndpointPolicy, false);

  const int shared =
      request.resource_policy.has_value() ? question.Allows(*request.resource_policy) : 0;
  const bool is_service = caller.type == PrincipalType::kService;
  const bool same_account = caller.account_id == request.owner && !is_service;
  if (same_account && (is_root || shared == 4)) return {.allowed = true};
  if (!same_account && shared == 0) return deny(PolicyType::kResourceBasedPolicy, false);
  if (!same_account && (is_service || is_root)) return {.allowed = true};
  const bool identity = allows(caller.identity);
  if (same_account && !identity && shared < 2) return deny(PolicyType::kIdentityBasedPolicy, false);
  if (!same_account && !identity) return deny(PolicyType::kIdentityBasedPolicy, false);
  if (lacks(caller.boundary)) return deny(PolicyType::kPermissionsBoundary, false);
  if (lacks(caller.session)) return deny(PolicyType::kSessionPolicy, false);
  return {.allowed = true};
}

}  // namespace riacho
