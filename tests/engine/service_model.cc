#include "engine/service_model.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>

#include <nlohmann/json.hpp>

namespace riacho {
namespace {

using Json = nlohmann::ordered_json;  // members keep their order

Json Read(const std::string& name) {
  std::ifstream file(RIACHO_SOURCE_DIR "/tests/data/kinesis/" + name);
  if (!file) throw std::runtime_error("tests/data/kinesis/" + name + " cannot be read");
  return Json::parse(file);
}

const Json& Model() {
  static const auto* const kModel = new Json(Read("service-2.json"));
  return *kModel;
}
const Json& Delta() {
  static const auto* const kDelta = new Json(Read("model-delta-2026-09.json"));
  return *kDelta;
}

std::string LowerFirst(std::string name) {
  name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return name;
}

std::optional<std::int64_t> Find(const Json& shape, const char* bound) {
  return shape.contains(bound) ? std::optional<std::int64_t>(shape.at(bound)) : std::nullopt;
}

ModelShape EnumOf(const Json& values) {
  ModelShape shape = {.kind = "enum", .values = values};
  std::ranges::sort(shape.values);
  return shape;
}

// --- service-2.json

ModelShape ShapeNamed(const std::string& name) {
  const Json& json = Model().at("shapes").at(name);
  const std::string type = json.at("type");
  ModelShape shape = {.least = Find(json, "min"), .most = Find(json, "max")};
  if (type == "string") {
    if (json.contains("enum")) return EnumOf(json.at("enum"));
    shape.kind = "text";
    shape.pattern = json.value("pattern", "");
    if (shape.least == 0) shape.least.reset();
  } else if (type == "integer") {
    shape.kind = "number";
  } else if (type == "blob") {
    shape.kind = "blob";
    if (shape.least == 0) shape.least.reset();
  } else if (type == "list") {
    shape.kind = "list";
    shape.of = {ShapeNamed(json.at("member").at("shape"))};
    if (shape.of[0].kind == "structure") {
      shape.kind = "structures";
      shape.of.clear();
    }
  } else if (type == "map") {
    shape.kind = "map";
    shape.of = {ShapeNamed(json.at("key").at("shape")), ShapeNamed(json.at("value").at("shape"))};
  } else if (type == "structure") {
    shape.kind = "structure";
  }
  const bool demands_nothing = (shape.kind == "text" || shape.kind == "number") && !shape.least &&
                               !shape.most && shape.pattern.empty();
  if (demands_nothing || shape.kind.empty()) return {.kind = "any"};
  return shape;
}

// --- model-delta-2026-09.json

// Members whose shape in service-2.json they are taken to keep in the new operations.
const std::map<std::string, std::string>& KnownByName() {
  static const auto* const kShapes = new std::map<std::string, std::string>{
      {"StreamARN", "StreamARN"},
      {"StreamId", "StreamId"},
      {"KeyId", "KeyId"},
      {"Tags", "TagMap"},
      {"MaxResults", "ListShardsInputLimit"},
      {"NextToken", "NextToken"},
  };
  return *kShapes;
}

// The delta lists enums beside the members that have them.
const std::map<std::string, std::string>& EnumsByMember() {
  static const auto* const kEnums = new std::map<std::string, std::string>{
      {"RecordDistributionStrategy", "RecordDistributionStrategy"},
      {"ChannelEncryptionConfiguration.EncryptionType", "channel encryption type"},
      {"S3StorageConfiguration.CompressionType", "S3 compression"},
      {"S3StorageConfiguration.StorageClass", "S3 storage class"},
      {"S3TablesConfiguration.CompressionType", "S3 Tables compression"},
      {"PartitionField.Transform", "partition transform"},
      {"RecordConfiguration.RecordFormatType", "record format"},
  };
  return *kEnums;
}

ModelShape ShapeOfNewMember(const std::string& structure, const std::string& name,
                            const std::string& type, bool required) {
  for (const std::string& member : {name, structure + "." + name}) {
    if (EnumsByMember().contains(member))
      return EnumOf(Delta().at("enums").at(EnumsByMember().at(member)));
  }
  if (KnownByName().contains(name)) return ShapeNamed(KnownByName().at(name));
  if (Delta().at("newStructures").contains(type)) return {.kind = "structure"};
  // Without lengths in the delta; a required list cannot be told from a missing one when empty.
  if (Delta().at("lists").contains(type)) {
    ModelShape list = {.kind = "structures"};
    if (required) list.least = 1;
    return list;
  }
  return {.kind = "any"};
}

void AddNewMembers(const std::string& structure, const Json& members, const std::string& prefix,
                   std::vector<ModelMember>& found) {
  for (const auto& [name, member] : members.items()) {
    const std::string type = member.at("type");
    const std::string path = prefix + LowerFirst(name);
    const bool required = member.at("required");
    found.push_back({path, required, ShapeOfNewMember(structure, name, type, required)});
    const bool is_list = Delta().at("lists").contains(type);
    const std::string nested = is_list ? std::string(Delta().at("lists").at(type)) : type;
    if (Delta().at("newStructures").contains(nested)) {
      AddNewMembers(nested, Delta().at("newStructures").at(nested),
                    path + (is_list ? ".N.member." : "."), found);
    }
  }
}

// --- both

bool Contains(const Json& names, const std::string& name) {
  return std::ranges::find(names, Json(name)) != names.end();
}

void AddMembers(const std::string& structure, const std::string& prefix,
                std::vector<ModelMember>& found) {
  const Json& json = Model().at("shapes").at(structure);
  const Json required = json.value("required", Json::array());
  const Json change = Delta().at("changedStructures").value(structure, Json::object());
  const Json no_longer = change.value("noLongerRequired", Json::array());
  for (const auto& [name, member] : json.at("members").items()) {
    const std::string type = member.at("shape");
    const std::string path = prefix + LowerFirst(name);
    const ModelShape shape = ShapeNamed(type);
    found.push_back({path, Contains(required, name) && !Contains(no_longer, name), shape});
    if (shape.kind == "structure") AddMembers(type, path + ".", found);
    if (shape.kind == "structures") {
      AddMembers(Model().at("shapes").at(type).at("member").at("shape"), path + ".N.member.",
                 found);
    }
  }
  const Json added = change.value("membersAdded", Json::object());
  for (const auto& [name, type] : added.items()) {
    found.push_back(
        {prefix + LowerFirst(name), false, ShapeOfNewMember(structure, name, type, false)});
  }
}

}  // namespace

std::vector<ModelMember> MembersOf(Operation operation) {
  const std::string name(OperationName(operation));
  std::vector<ModelMember> found;
  if (Model().at("operations").contains(name)) {
    AddMembers(Model().at("operations").at(name).at("input").at("shape"), "", found);
  } else {
    AddNewMembers(name, Delta().at("newOperations").at(name).at("input"), "", found);
  }
  return found;
}

std::vector<ErrorCode> ErrorsOf(Operation operation) {
  const std::string name(OperationName(operation));
  std::vector<ErrorCode> found;
  const auto add = [&found](const std::string& error) {
    const std::optional<ErrorCode> code = ParseErrorCode(error);
    if (!code.has_value()) throw std::runtime_error(error + " is no error that is known");
    found.push_back(*code);
  };
  if (Model().at("operations").contains(name)) {
    const Json& json = Model().at("operations").at(name);
    for (const Json& error : json.value("errors", Json::array())) add(error.at("shape"));
  } else {
    for (const Json& error : Delta().at("newOperations").at(name).at("errors")) add(error);
  }
  const Json added = Delta().at("errorsAddedToOperations").value(name, Json::array());
  for (const Json& error : added) add(error);
  return found;
}

std::ostream& operator<<(std::ostream& out, const ModelShape& shape) {
  out << shape.kind;
  if (shape.least) out << " from " << *shape.least;
  if (shape.most) out << " to " << *shape.most;
  if (!shape.pattern.empty()) out << " like " << shape.pattern;
  for (const std::string& value : shape.values) out << ' ' << value;
  for (const ModelShape& element : shape.of) out << " of (" << element << ')';
  return out;
}

std::ostream& operator<<(std::ostream& out, const ModelMember& member) {
  return out << member.path << (member.required ? ": required " : ": ") << member.shape;
}

}  // namespace riacho
