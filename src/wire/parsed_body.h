// Bodies that have been read: trees of values, all in one row, whose texts mostly stand in the body
// itself. A body of a thousand records costs few allocations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "wire/document.h"

namespace riacho::internal {

// A value, followed by those that it holds, each of them followed by those that it holds.
class BodyValue {
 public:
  enum class Kind : unsigned char {
    kNull,
    kBool,
    kInteger,
    kUnsigned,  // what kInteger cannot hold, as a rule
    kReal,
    kText,
    kBytes,
    kList,
    kObject
  };

  // Goes over the values that a list or an object holds.
  class Iterator {
   public:
    explicit Iterator(const BodyValue* value) : value_(value) {}
    const BodyValue& operator*() const { return *value_; }
    const BodyValue* operator->() const { return value_; }
    Iterator& operator++() {
      value_ += value_->row_;
      return *this;
    }
    friend bool operator==(Iterator, Iterator) = default;

   private:
    const BodyValue* value_;
  };

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_number() const { return Kind::kInteger <= kind_ && kind_ <= Kind::kReal; }
  // Of what an object holds.
  std::string_view name() const { return name_; }

  // Each of the kind that it is for.
  bool truth() const { return integer_ != 0; }
  std::int64_t integer() const { return integer_; }
  std::uint64_t unsigned_integer() const { return static_cast<std::uint64_t>(integer_); }
  std::string_view text() const { return text_; }  // or bytes

  // Of any number.
  double real() const;
  // Its whole part, or the nearest number that there is; 0 for what is no number.
  std::int64_t whole() const;

  // Of a list or an object.
  std::size_t size() const { return size_; }
  Iterator begin() const { return Iterator(this + 1); }
  Iterator end() const { return Iterator(this + row_); }
  // The last value of that name; null if there is none.
  const BodyValue* Find(std::string_view name) const;

 private:
  friend class BodyReader;

  Kind kind_ = Kind::kNull;
  std::uint32_t row_ = 1;  // how many values it is, with those that it holds
  std::uint32_t size_ = 0;
  std::string_view name_ = {};
  std::string_view text_ = {};
  std::int64_t integer_ = 0;  // or the bits of another number
};

// Views the body that it has been read from.
class ParsedBody {
 public:
  ParsedBody() = default;
  ParsedBody(ParsedBody&&) = default;
  ParsedBody& operator=(ParsedBody&&) = default;

  const BodyValue& root() const { return values_.front(); }
  // In bytes. All its texts together are not longer.
  std::size_t length() const { return length_; }

 private:
  friend class BodyReader;

  std::size_t length_ = 0;
  std::vector<BodyValue> values_;
  std::forward_list<std::string> texts_;  // those that do not stand in the body as they are
};

// What deeper bodies nest is no request of the service.
inline constexpr int kDeepestBody = 32;
// The longest answers have some sixty thousand.
inline constexpr int kMostValues = 1'000'000;

// `body` must outlive what is returned, whose root is an object.
//
// Errors: kSerialization for what is not one whole object of the format, nests deeper than
// kDeepestBody, or has more than kMostValues values in it. Memory is bounded by the length of the
// body and by these, whatever lengths it announces.
absl::StatusOr<ParsedBody> ParseBody(std::string_view body, WireFormat format);

}  // namespace riacho::internal
