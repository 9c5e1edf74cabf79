// What conditions and policy variables look at: the keys of a request, by name.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"

namespace riacho::internal {

// The values of one key. They lie with whoever has the key, or in `made` when they were made for
// the question.
class KeyValues {
 public:
  KeyValues() = default;
  KeyValues(const KeyValues&) = delete;
  KeyValues& operator=(const KeyValues&) = delete;

  void Add(std::string_view value) { values_.push_back(value); }
  // At most one value of a key is made.
  void AddMade(std::string value) {
    made_ = std::move(value);
    values_.push_back(made_);
  }
  const absl::InlinedVector<std::string_view, 4>& values() const { return values_; }

 private:
  absl::InlinedVector<std::string_view, 4> values_;
  std::string made_;
};

class ConditionKeys {
 public:
  virtual ~ConditionKeys() = default;

  // Adds the values of the key of that name, in lower case. None: the request has no such key.
  virtual void Find(std::string_view key, KeyValues& values) const = 0;
};

// aws:CurrentTime and aws:EpochTime.
void FindTime(std::string_view key, absl::Time now, KeyValues& values);

}  // namespace riacho::internal
