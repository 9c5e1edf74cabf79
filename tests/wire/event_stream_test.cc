#include "wire/event_stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

// The first frame of a subscription, as the service sent it.
std::string FirstFrame() {
  return absl::HexStringToBytes(
      "0000007200000060ab820d9e0b3a6576656e742d74797065070010696e697469616c2d726573706f6e73650d3a63"
      "6f6e74656e742d7479706507001a6170706c69636174696f6e2f782d616d7a2d6a736f6e2d312e310d3a6d657373"
      "6167652d747970650700056576656e747b7dacae6b7d");
}

// The frame that `bytes` are.
EventFrame Only(std::string_view bytes) {
  EventFrameParser parser;
  parser.Add(bytes);
  const auto frame = parser.Next();
  EXPECT_TRUE(frame.ok() && frame->has_value()) << frame.status();
  EXPECT_FALSE(parser.in_frame());
  return frame.ok() && frame->has_value() ? **frame : EventFrame();
}

TEST(EventStream, IsMadeAsTheServiceMakesIt) {
  EXPECT_EQ(EventMessage("initial-response", "{}"), FirstFrame());
}

TEST(EventStream, ComesBack) {
  EXPECT_EQ(Only(FirstFrame()),
            (EventFrame{.headers = {{":event-type", "initial-response"},
                                    {":content-type", "application/x-amz-json-1.1"},
                                    {":message-type", "event"}},
                        .payload = "{}"}));
  EXPECT_EQ(Only(ExceptionMessage("ResourceInUseException", R"({"message":"m"})")),
            (EventFrame{.headers = {{":exception-type", "ResourceInUseException"},
                                    {":content-type", "application/x-amz-json-1.1"},
                                    {":message-type", "exception"}},
                        .payload = R"({"message":"m"})"}));
}

TEST(EventStream, FramesComeInAnyPieces) {
  std::string bytes;
  for (int i = 0; i < 50; ++i)
    bytes += EventMessage("SubscribeToShardEvent", std::string(static_cast<std::size_t>(i), 'x'));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    EventFrameParser parser;
    std::size_t next = 0;
    for (std::string_view rest = bytes; !rest.empty();) {
      const std::size_t piece = 1 + static_cast<std::size_t>(random.Uniform(200));
      parser.Add(rest.substr(0, piece));
      rest.remove_prefix(std::min(piece, rest.size()));
      for (;;) {
        const auto frame = parser.Next();
        ASSERT_TRUE(frame.ok());
        if (!frame->has_value()) break;
        EXPECT_EQ((*frame)->payload, std::string(next++, 'x'));
      }
    }
    EXPECT_EQ(next, 50U);
    EXPECT_FALSE(parser.in_frame());
  }
}

// The frames below were made by another program.

TEST(EventStream, HeadersOfOtherTypesArePassedOver) {
  // A truth, an int, a text, a UUID.
  EXPECT_EQ(
      Only(absl::HexStringToBytes(
          "00000036000000247740769e0162000169040000000701740700026f6b0175090000000000000000000000"
          "00000000007b7d93e553ae")),
      (EventFrame{.headers = {{"t", "ok"}}, .payload = "{}"}));
}

TEST(EventStream, RefusesLengthsThatAreNotAllowedBeforeTheyArrive) {
  for (const std::string_view prelude :
       {"00030d5200030d406bb3cb05", "ffffffff00000000ffffffff", "0000000f00000000e77248b8"}) {
    EventFrameParser parser;
    parser.Add(absl::HexStringToBytes({prelude.data(), prelude.size()}));
    EXPECT_EQ(parser.Next().status().code(), absl::StatusCode::kDataLoss) << prelude;
  }
}

TEST(EventStream, RefusesHeadersThatCannotBeRead) {
  // One of an unknown type; one with a name that ends behind the headers.
  for (const std::string_view frame : {"0000001500000003542b962101620a7b7d4824dd02",
                                       "0000001500000003542b96210962007b7d75c31315"}) {
    EventFrameParser parser;
    parser.Add(absl::HexStringToBytes({frame.data(), frame.size()}));
    EXPECT_EQ(parser.Next().status().code(), absl::StatusCode::kDataLoss) << frame;
  }
}

TEST(EventStream, EveryDamagedByteIsSeen) {
  const std::string whole = FirstFrame();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EventFrameParser parser;
      parser.Add(damaged);
      const auto frame = parser.Next();
      EXPECT_EQ(frame.status().code(), absl::StatusCode::kDataLoss) << i << ' ' << bit;
    }
  }
}

TEST(EventStream, APieceIsNoFrameYet) {
  const std::string whole = FirstFrame();
  for (std::size_t length = 1; length < whole.size(); ++length) {
    EventFrameParser parser;
    parser.Add(std::string_view(whole).substr(0, length));
    const auto frame = parser.Next();
    ASSERT_TRUE(frame.ok());
    EXPECT_FALSE(frame->has_value());
    EXPECT_TRUE(parser.in_frame());
  }
}

}  // namespace
}  // namespace riacho::internal
