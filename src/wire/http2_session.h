// Http2Session: HTTP/2, begun with prior knowledge or by ALPN.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "wire/http_session.h"

struct nghttp2_session;

namespace riacho::internal {

// What a client of HTTP/2 says first.
inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class Http2Session final : public HttpSession {
 public:
  static constexpr std::uint32_t kMostStreams = 128;

  explicit Http2Session(HttpSessionOptions options);
  ~Http2Session() override;

  void Receive(std::string_view bytes) override;
  void Send(std::string& out) override;
  void Drain() override;
  bool done() const override;
  bool wants_input() const override;
  bool in_request() const override { return in_requests_ > 0; }
  std::uint64_t requests() const override { return requests_; }
  bool streaming() const override { return sources_ > 0; }

 private:
  struct Stream;
  struct Callbacks;  // what nghttp2 calls

  void TakeInput();
  void AnswerWhatHasRoom();
  Stream* Find(std::int32_t stream_id);
  void Answer(Stream& stream);
  void RefuseBody(Stream& stream);
  void Refuse(Stream& stream, int status, std::string why);
  void Respond(Stream& stream, HttpResponse&& response);
  void EndRequest(Stream& stream);
  void EndSource(Stream& stream);

  HttpSessionOptions options_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, std::unique_ptr<Stream>> streams_;
  std::string in_;                  // what has come, until Send
  std::deque<std::int32_t> asked_;  // streams with whole requests, in their order
  bool draining_ = false;
  bool broken_ = false;
  std::int64_t in_requests_ = 0;
  std::int64_t body_bytes_ = 0;  // of requests that have not ended
  std::int64_t sources_ = 0;
  std::uint64_t requests_ = 0;
};

}  // namespace riacho::internal
