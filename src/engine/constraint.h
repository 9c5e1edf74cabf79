// The constraints of the service's model, and the grammar of the message that says which were
// broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace riacho::internal {

// A string shape. Lengths count Unicode characters.
struct TextShape {
  std::size_t least = 0;
  std::size_t most = std::numeric_limits<std::size_t>::max();
  std::string_view pattern = {};                     // as the service prints it; empty: any text
  bool (*matches)(std::string_view text) = nullptr;  // the whole text
};

// An integer shape.
struct NumberShape {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// Source: the API model of the service, service-2.json; one constant per shape.
extern const TextShape kStreamNameShape;  // also consumer names and shard ids
extern const TextShape kStreamArnShape;
extern const TextShape kConsumerArnShape;
extern const TextShape kStreamIdShape;
extern const TextShape kHashKeyShape;
extern const TextShape kKeyIdShape;
extern const TextShape kSequenceNumberShape;
extern const TextShape kPartitionKeyShape;
extern const TextShape kShardIteratorShape;
extern const TextShape kNextTokenShape;
inline constexpr NumberShape kPositiveShape = {.least = 1};
inline constexpr NumberShape kNaturalShape = {.least = 0};
inline constexpr NumberShape kPageLimitShape = {.least = 1, .most = 10000};
inline constexpr NumberShape kMaxRecordSizeShape = {.least = 1024, .most = 10240};
inline constexpr std::size_t kMostDataBytes = 10485760;
inline constexpr std::size_t kMostPutRecordsEntries = 500;

// Characters of UTF-8 text; malformed bytes count one each.
std::size_t CountCharacters(std::string_view text);

// Gathers what is wrong with a request. Costs nothing as long as nothing is.
class Violations {
 public:
  template <typename Text>
  void Required(std::string_view path, const std::optional<Text>& member, const TextShape& shape) {
    if (!member.has_value()) return Missing(path);
    Check(path, *member, shape);
  }
  template <typename Text>
  void Optional(std::string_view path, const std::optional<Text>& member, const TextShape& shape) {
    if (member.has_value()) Check(path, *member, shape);
  }
  void Required(std::string_view path, const std::optional<std::int64_t>& member,
                const NumberShape& shape) {
    if (!member.has_value()) return Missing(path);
    Check(path, *member, shape);
  }
  void Optional(std::string_view path, const std::optional<std::int64_t>& member,
                const NumberShape& shape) {
    if (member.has_value()) Check(path, *member, shape);
  }
  // Any other member that must be there.
  template <typename Value>
  void Present(std::string_view path, const std::optional<Value>& member) {
    if (!member.has_value()) Missing(path);
  }
  void Data(std::string_view path, std::string_view data, std::size_t most = kMostDataBytes) {
    if (data.size() > most) TooMuchData(path, data.size(), most);
  }
  void Missing(std::string_view path);
  void Add(std::string_view path, std::string_view value, std::string_view rule);

  bool none() const { return found_.empty(); }
  // OK, or kValidation with the service's message: at most ten violations are spelled out.
  absl::Status ToStatus() const;

 private:
  void Check(std::string_view path, std::string_view text, const TextShape& shape);
  void Check(std::string_view path, std::int64_t number, const NumberShape& shape);
  void TooMuchData(std::string_view path, std::size_t bytes, std::size_t most);

  std::vector<std::string> found_;
};

}  // namespace riacho::internal
