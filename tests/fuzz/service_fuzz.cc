// Any body of any call, in JSON or CBOR, with any signature, through a Service. Nothing crashes and
// nothing is an internal failure; every answer can be read; what is refused changes nothing of what
// can be seen; without the secret no signature is right.
//
// The input: a line "json PutRecord" or "cbor PutRecord"; a line with the header Authorization, or
// from a question mark on with the query; the rest is the body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/exported_state.h"
#include "riacho/engine/engine.h"
#include "riacho/time/manual_clock.h"
#include "riacho/wire/endpoint.h"
#include "wire/event_stream.h"
#include "wire/parsed_body.h"
#include "wire/service.h"

namespace riacho::internal {
namespace {

void Require(bool condition, std::string_view what, std::string_view seen) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", std::string(what).c_str(), std::string(seen).c_str());
  std::abort();
}

EngineOptions WithoutLimits() {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  options.seed = 1;
  return options;
}

EndpointOptions WithCredentials() {
  EndpointOptions options;
  options.credentials = {{.access_key_id = "AKID", .secret_access_key = "secret"}};
  return options;
}

class FuzzedWorld {
 public:
  FuzzedWorld() {
    const bool made =
        kinesis_->CreateStream({.stream_name = "orders", .shard_count = 2}).ok() &&
        kinesis_->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "k"}).ok() &&
        kinesis_
            ->RegisterStreamConsumer(
                {.stream_arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                 .consumer_name = "billing"})
            .ok();
    Require(made, "the beginning", "");
  }

  void Try(const HttpRequest& request, WireFormat format) {
    const ExportedState before = ExportState(*kinesis_);
    HttpResponse answer = closed_.Answer(HttpRequest(request));
    Require(answer.status == 400, "a signature that nobody made", answer.body);
    Check(answer, format);
    answer = open_.Answer(HttpRequest(request));
    Check(answer, format);
    if (answer.source != nullptr) return Read(answer);
    if (answer.status == 200) return;
    const std::string difference = Difference(before, ExportState(*kinesis_));
    Require(difference.empty(), "a refused request has changed", difference);
  }

 private:
  static void Check(const HttpResponse& answer, WireFormat format) {
    Require(answer.status == 200 || answer.status == 400, "status", answer.body);
    if (answer.body.empty() || answer.source != nullptr) return;
    const absl::StatusOr<ParsedBody> body = ParseBody(answer.body, format);
    Require(body.ok(), "an answer cannot be read", answer.body);
    Require(answer.status == 200 || body->root().Find("__type") != nullptr, "a refusal of no type",
            answer.body);
  }

  static void Read(HttpResponse& answer) {
    std::string bytes = answer.body;
    for (std::size_t before = 0; before < bytes.size();) {
      before = bytes.size();
      if (!answer.source->Next(bytes)) break;
    }
    EventFrameParser parser;
    parser.Add(bytes);
    for (bool more = true; more;) {
      const auto frame = parser.Next();
      Require(frame.ok(), "an event stream", frame.status().ToString());
      more = frame->has_value();
    }
    Require(!parser.in_frame(), "an event stream", "is cut off");
  }

  ManualClock clock_;
  Engine engine_{clock_, WithoutLimits()};
  std::unique_ptr<Client> kinesis_ = engine_.NewClient();
  const EndpointOptions anybody_ = {};
  const EndpointOptions somebody_ = WithCredentials();
  const Service open_{*kinesis_, anybody_, clock_};
  const Service closed_{*kinesis_, somebody_, clock_};
};

std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

}  // namespace
}  // namespace riacho::internal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace riacho::internal;
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  std::string_view call = TakeLine(input);
  const std::string_view signature = TakeLine(input);
  const WireFormat format = call.starts_with("cbor ") ? WireFormat::kCbor : WireFormat::kJson;
  call.remove_prefix(std::min(call.size(), call.find(' ') + 1));
  HttpRequest request = {.method = "POST",
                         .target = "/",
                         .headers = {{"host", "localhost"},
                                     {"content-type", std::string(ContentType(format))},
                                     {"x-amz-target", "Kinesis_20131202." + std::string(call)},
                                     {"x-amz-date", "20260101T000000Z"}},
                         .body = std::string(input)};
  if (signature.starts_with('?')) {
    request.target += signature;
  } else {
    request.headers.emplace_back("authorization", signature);
  }
  FuzzedWorld().Try(request, format);
  return 0;
}
