// Texts that mean something in the world of a fuzzer, by the members of requests that they fit.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace riacho::fuzz {

// What a text is; members of one kind may have each other's.
enum class TextKind : unsigned char {
  kStreamName,
  kStreamArn,
  kConsumerName,
  kConsumerArn,
  kShardId,
  kSequenceNumber,
  kHashKey,
  kPartitionKey,
  kNextToken,
  kShardIterator,
  kKeyId,
  kPolicy,
  kTagKey,
  kOther,
};

class KnownTexts {
 public:
  // Of all that is learnt of a kind, the last few stay; what was there from the beginning stays.
  void AddForGood(TextKind kind, std::string text);
  void Learn(TextKind kind, std::string text);

  // A text for a member, named as the service prints it; the choice is free. One of a member of
  // unknown name may be of any kind.
  const std::string& Of(std::string_view member, std::size_t choice) const;
  const std::string& OfAnyKind(std::size_t choice) const;

 private:
  struct Texts {
    std::vector<std::string> texts = {};
    std::size_t for_good = 0;
    std::size_t learnt = 0;
  };

  std::map<TextKind, Texts> kinds_;  // none is empty
};

}  // namespace riacho::fuzz
