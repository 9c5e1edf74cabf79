// What the API model of the service says, read from tests/data/kinesis: what it demands of the
// members of requests, and which errors it lists.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "riacho/model/operation.h"

namespace riacho {

// In the order of the enumerators.
std::vector<Operation> AllOperations();

// The exceptions of an operation, such as "ResourceNotFoundException", ascending; without those
// that every operation may answer.
std::vector<std::string> ErrorsOf(Operation operation);

struct ModelShape {
  std::string kind = {};  // text, number, blob, enum, list, map, structure, structures or any
  std::optional<std::int64_t> least = {};  // of the length or value
  std::optional<std::int64_t> most = {};
  std::string pattern = {};
  std::vector<std::string> values = {};  // of an enum, sorted
  std::vector<ModelShape> of = {};       // the element of a list; the key and value of a map

  friend bool operator==(const ModelShape&, const ModelShape&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ModelShape& shape);
};

struct ModelMember {
  std::string path = {};  // "startingPosition.type", "records.N.member.data"
  bool required = false;
  ModelShape shape = {};

  friend bool operator==(const ModelMember&, const ModelMember&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ModelMember& member);
};

// In the order of the model, a structure before its own members.
std::vector<ModelMember> MembersOf(Operation operation);

}  // namespace riacho
