// Any bytes as an event stream. Nothing crashes; however they are cut into pieces, the same frames
// come out and the same end; what can be read keeps to the limits; text that is put into frames
// comes back.
//
// The input: one byte from which the pieces are cut; the rest is the stream.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

#include "fuzz/script.h"
#include "riacho/base/random.h"
#include "wire/event_stream.h"

namespace riacho::internal {
namespace {

using fuzz::Require;

struct Outcome {
  std::vector<EventFrame> frames = {};
  absl::Status error = {};
  bool in_frame = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Takes what there is now; false after an error.
bool Take(EventFrameParser& parser, Outcome& outcome) {
  for (;;) {
    const auto frame = parser.Next();
    outcome.error = frame.status();
    if (!frame.ok() || !frame->has_value()) return frame.ok();
    Require((**frame).payload.size() <= EventFrameParser::kLongestPayload);
    outcome.frames.push_back(**frame);
  }
}

Outcome ReadWhole(std::string_view stream) {
  EventFrameParser parser;
  Outcome outcome;
  parser.Add(stream);
  if (Take(parser, outcome)) outcome.in_frame = parser.in_frame();
  return outcome;
}

Outcome ReadInPieces(std::string_view stream, Random random) {
  EventFrameParser parser;
  Outcome outcome;
  while (!stream.empty()) {
    const auto length = static_cast<std::size_t>(1 + random.Uniform(40));
    const std::string_view piece = stream.substr(0, length);
    stream.remove_prefix(piece.size());
    parser.Add(piece);
    if (!Take(parser, outcome)) return outcome;
  }
  outcome.in_frame = parser.in_frame();
  return outcome;
}

}  // namespace
}  // namespace riacho::internal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace riacho::internal;
  riacho::fuzz::Script script(bytes, size);
  const riacho::Random random(script.Take(1));
  const std::string_view stream = script.Rest();
  Require(ReadWhole(stream) == ReadInPieces(stream, random));

  const std::string_view name = stream.substr(0, std::min<std::size_t>(stream.size(), 100));
  const std::string framed = EventMessage(name, stream) + ExceptionMessage(name, stream);
  const Outcome outcome = ReadInPieces(framed, random);
  Require(outcome.error.ok() && !outcome.in_frame && outcome.frames.size() == 2);
  Require(outcome.frames[0].headers.at(":event-type") == name);
  Require(outcome.frames[1].headers.at(":exception-type") == name);
  Require(outcome.frames[0].payload == stream && outcome.frames[1].payload == stream);
  return 0;
}
