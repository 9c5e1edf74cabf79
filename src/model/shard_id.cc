#include "riacho/model/shard_id.h"

#include <array>
#include <cstddef>

namespace riacho {
namespace {

constexpr std::string_view kPrefix = "shardId-";
constexpr std::size_t kDigits = 12;

}  // namespace

std::optional<ShardId> ShardId::Parse(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::string_view digits = dash == std::string_view::npos ? text : text.substr(dash + 1);
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > kMaxNumber) return std::nullopt;
  }
  return ShardId{static_cast<std::uint32_t>(number)};
}

std::string ShardId::ToString() const {
  std::string text(kPrefix.size() + kDigits, '0');
  text.replace(0, kPrefix.size(), kPrefix);
  std::uint32_t rest = number;
  for (std::size_t at = text.size(); rest != 0; rest /= 10)
    text[--at] = static_cast<char>('0' + rest % 10);
  return text;
}

std::ostream& operator<<(std::ostream& out, ShardId id) { return out << id.ToString(); }

}  // namespace riacho
