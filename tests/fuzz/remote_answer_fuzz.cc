// Any bytes as an endpoint's answer to RemoteClient: as HTTP/1.1, as HTTP/2, as frames of an event
// stream, as a body. Nothing crashes; what is wrong is a status; what is held is bounded; and an
// answer is the same however the network cuts it.
//
// The first byte of the input says what its rest is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/script.h"
#include "wire/consumer_members.h"
#include "wire/decoder.h"
#include "wire/event_stream.h"
#include "wire/exchange.h"
#include "wire/parsed_body.h"
#include "wire/record_members.h"
#include "wire/remote_answer.h"
#include "wire/remote_subscription.h"
#include "wire/shard_members.h"
#include "wire/stream_members.h"

namespace {

using riacho::fuzz::Require;
using riacho::fuzz::Script;
using riacho::internal::Decoder;
using riacho::internal::EventFrame;
using riacho::internal::EventFrameParser;
using riacho::internal::Exchange;
using riacho::internal::HttpHeaders;
using riacho::internal::HttpRequest;
using riacho::internal::ParsedBody;
using riacho::internal::WireFormat;

constexpr std::int64_t kMaxBody = 1000;

struct Read {
  absl::StatusCode code = absl::StatusCode::kOk;
  int status = 0;
  HttpHeaders headers = {};
  std::string body = {};
  bool done = false;

  friend bool operator==(const Read&, const Read&) = default;
};

// The bytes in pieces, the end of the connection after them.
Read ReadAnswer(Exchange& exchange, std::string_view bytes, std::size_t piece) {
  Read read;
  absl::Status status;
  std::string output;
  while (status.ok() && !bytes.empty() && !exchange.done()) {
    const std::string_view next = bytes.substr(0, piece);
    bytes.remove_prefix(next.size());
    status = exchange.Add(next);
    read.body += exchange.TakeBody();
    exchange.TakeOutput(output);
  }
  if (status.ok() && !exchange.done()) status = exchange.AddEnd();
  if (status.ok() && exchange.done()) {
    read.status = exchange.status();
    read.headers = exchange.headers();
  }
  read.code = status.code();
  read.done = exchange.done();
  return read;
}

HttpRequest Asked() {
  return {.method = "POST", .target = "/", .headers = {{"host", "h"}}, .body = "{}"};
}

void TryHttp1(std::string_view bytes) {
  const auto whole = riacho::internal::NewHttp1Exchange(Asked(), 1 << 20);
  const Read read = ReadAnswer(*whole, bytes, bytes.size());
  const auto cut = riacho::internal::NewHttp1Exchange(Asked(), 1 << 20);
  const Read again = ReadAnswer(*cut, bytes, 1);
  Require(read.done == again.done);
  if (read.done) Require(read == again);
  const auto bounded = riacho::internal::NewHttp1Exchange(Asked(), kMaxBody);
  const absl::Status status = bytes.empty() ? absl::OkStatus() : bounded->Add(bytes);
  if (status.ok()) Require(bounded->TakeBody().size() <= static_cast<std::size_t>(kMaxBody));
  if (!read.done) return;
  const absl::Status answer =
      riacho::internal::StatusOfAnswer(read.status, read.headers, read.body);
  Require(answer.ok() == (read.status == 200));
}

void TryHttp2(std::string_view bytes) {
  const auto exchange = riacho::internal::NewHttp2Exchange(Asked(), kMaxBody);
  std::string output;
  exchange->TakeOutput(output);
  ReadAnswer(*exchange, bytes, std::max<std::size_t>(bytes.size() / 3, 1));
}

void TryFrames(std::string_view bytes) {
  EventFrameParser parser;
  parser.Add(bytes);
  while (true) {
    const absl::StatusOr<std::optional<EventFrame>> frame = parser.Next();
    if (!frame.ok() || !frame->has_value()) break;
    const auto event = riacho::internal::EventOf(**frame);
    if (!event.ok()) Require(!event.status().message().empty());
  }
}

template <typename Response>
void TryBody(std::string_view bytes, WireFormat format) {
  const absl::StatusOr<ParsedBody> body = riacho::internal::ParseBody(bytes, format);
  if (!body.ok()) return;
  Decoder decoder(*body, format);
  Response response;
  const absl::Status status = decoder.Decode(response);
  Require(status.ok() || !status.message().empty());
  riacho::internal::MessageOf(*body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Script script(bytes, size);
  const std::size_t kind = script.Choose(5);
  const std::string_view rest = script.Rest();
  if (kind == 0) TryHttp1(rest);
  if (kind == 1) TryHttp2(rest);
  if (kind == 2) TryFrames(rest);
  if (kind >= 3) {
    const WireFormat format = kind == 3 ? WireFormat::kJson : WireFormat::kCbor;
    TryBody<riacho::GetRecordsResponse>(rest, format);
    TryBody<riacho::DescribeStreamResponse>(rest, format);
    TryBody<riacho::PutRecordsResponse>(rest, format);
  }
  return 0;
}
