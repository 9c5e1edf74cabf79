// The patterns of the service's model, matched by hand: a regular expression engine would cost a
// put more than all else that is done for it.
#pragma once

#include <string_view>

namespace riacho::internal {

struct TextPattern {
  std::string_view text = {};                        // as the service prints it; empty: any text
  bool (*matches)(std::string_view text) = nullptr;  // the whole text

  constexpr bool Accepts(std::string_view candidate) const {
    return matches == nullptr || matches(candidate);
  }
};

bool IsName(std::string_view text);
bool IsStreamArn(std::string_view text);
bool IsConsumerArn(std::string_view text);
bool IsResourceArn(std::string_view text);
bool IsStreamId(std::string_view text);
bool IsHashKey(std::string_view text);
bool IsSequenceNumber(std::string_view text);

inline constexpr TextPattern kNamePattern = {"[a-zA-Z0-9_.-]+", &IsName};
inline constexpr TextPattern kStreamArnPattern = {R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)",
                                                  &IsStreamArn};
inline constexpr TextPattern kConsumerArnPattern = {
    R"(^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+)",
    &IsConsumerArn};
inline constexpr TextPattern kResourceArnPattern = {R"(arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+)",
                                                    &IsResourceArn};
inline constexpr TextPattern kStreamIdPattern = {"[a-z0-9]{20}-[a-z0-9]{3}", &IsStreamId};
// These two are printed with anchors that the model does not have.
inline constexpr TextPattern kHashKeyPattern = {R"(^(0|([1-9]\d{0,38}))$)", &IsHashKey};
inline constexpr TextPattern kSequenceNumberPattern = {R"(^(0|([1-9]\d{0,128}))$)",
                                                       &IsSequenceNumber};

}  // namespace riacho::internal
