// Http1Session: HTTP/1.1 and 1.0, with pipelining, chunked bodies and Expect: 100-continue.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "wire/http_session.h"

namespace riacho::internal {

class Http1Session final : public HttpSession {
 public:
  explicit Http1Session(HttpSessionOptions options);
  ~Http1Session() override;

  void Receive(std::string_view bytes) override;
  void Send(std::string& out) override;
  void Drain() override;
  bool done() const override { return last_ && source_ == nullptr; }
  bool wants_input() const override;
  bool in_request() const override;
  std::uint64_t requests() const override { return requests_; }
  bool streaming() const override { return source_ != nullptr; }

 private:
  class Parser;  // keeps its library out of this header

  bool ReadRequest(std::string& out);
  void Answer(Parser& parser, std::string& out);
  void Refuse(int status, std::string_view why, std::string& out);
  void WriteHead(const HttpResponse& response, std::string& out) const;
  void WriteChunk(std::string_view piece, std::string& out) const;
  bool SendPiece(std::string& out);

  HttpSessionOptions options_;
  std::string in_;  // what has come and has not been read
  std::unique_ptr<Parser> parser_;
  std::unique_ptr<BodySource> source_;  // of the answer under way
  bool chunked_ = false;                // that answer's body
  bool told_to_continue_ = false;
  bool draining_ = false;
  bool last_ = false;  // no request will be read any more
  std::uint64_t requests_ = 0;
};

}  // namespace riacho::internal
