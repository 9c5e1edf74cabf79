#include "fuzz/known_texts.h"

#include <iterator>
#include <utility>

namespace riacho::fuzz {
namespace {

constexpr std::size_t kMostLearnt = 6;

TextKind KindOf(std::string_view member) {
  static const auto* const kKinds = new std::map<std::string_view, TextKind>{
      {"streamName", TextKind::kStreamName},
      {"exclusiveStartStreamName", TextKind::kStreamName},
      {"streamARN", TextKind::kStreamArn},
      {"resourceARN", TextKind::kStreamArn},
      {"consumerName", TextKind::kConsumerName},
      {"consumerARN", TextKind::kConsumerArn},
      {"shardId", TextKind::kShardId},
      {"exclusiveStartShardId", TextKind::kShardId},
      {"shardToSplit", TextKind::kShardId},
      {"shardToMerge", TextKind::kShardId},
      {"adjacentShardToMerge", TextKind::kShardId},
      {"sequenceNumber", TextKind::kSequenceNumber},
      {"startingSequenceNumber", TextKind::kSequenceNumber},
      {"sequenceNumberForOrdering", TextKind::kSequenceNumber},
      {"newStartingHashKey", TextKind::kHashKey},
      {"explicitHashKey", TextKind::kHashKey},
      {"partitionKey", TextKind::kPartitionKey},
      {"nextToken", TextKind::kNextToken},
      {"shardIterator", TextKind::kShardIterator},
      {"keyId", TextKind::kKeyId},
      {"policy", TextKind::kPolicy},
      {"tags", TextKind::kTagKey},
      {"tagKeys", TextKind::kTagKey},
      {"exclusiveStartTagKey", TextKind::kTagKey},
  };
  const auto found = kKinds->find(member);
  return found == kKinds->end() ? TextKind::kOther : found->second;
}

}  // namespace

void KnownTexts::AddForGood(TextKind kind, std::string text) {
  Texts& known = kinds_[kind];
  known.texts.push_back(std::move(text));
  known.for_good = known.texts.size();
}

void KnownTexts::Learn(TextKind kind, std::string text) {
  Texts& known = kinds_[kind];
  if (known.texts.size() < known.for_good + kMostLearnt) {
    known.texts.push_back(std::move(text));
  } else {
    known.texts[known.for_good + known.learnt % kMostLearnt] = std::move(text);
  }
  ++known.learnt;
}

const std::string& KnownTexts::Of(std::string_view member, std::size_t choice) const {
  const TextKind kind = KindOf(member);
  const auto found = kinds_.find(kind);
  if (kind == TextKind::kOther || found == kinds_.end()) return OfAnyKind(choice);
  const std::vector<std::string>& texts = found->second.texts;
  return texts[choice % texts.size()];
}

const std::string& KnownTexts::OfAnyKind(std::size_t choice) const {
  const auto kind = std::next(kinds_.begin(), static_cast<std::ptrdiff_t>(choice % kinds_.size()));
  const std::vector<std::string>& texts = kind->second.texts;
  return texts[choice / kinds_.size() % texts.size()];
}

}  // namespace riacho::fuzz
