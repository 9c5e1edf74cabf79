// What the API model of the service demands of the members of requests, read from
// tests/data/kinesis.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "riacho/model/error.h"
#include "riacho/model/operation.h"

namespace riacho {

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

// The errors that the model lists for the operation. It lists none of those that every operation
// may answer.
std::vector<ErrorCode> ErrorsOf(Operation operation);

}  // namespace riacho
