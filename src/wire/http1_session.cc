#include "wire/http1_session.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

namespace riacho::internal {
namespace {

namespace http = boost::beast::http;

std::string ToString(boost::beast::string_view view) { return {view.data(), view.size()}; }

// Keeps the fields as a handler is given them, and not as its base class would. Counts heads and
// trailers, of which the base class bounds only what it has not read yet.
class RequestParser final : public http::request_parser<http::string_body> {
 public:
  // In the order of the wire; names in lower case.
  const HttpHeaders& headers() const { return headers_; }
  HttpHeaders TakeHeaders() { return std::move(headers_); }

 private:
  void on_field_impl(http::field /*field*/, boost::beast::string_view name,
                     boost::beast::string_view value, boost::beast::error_code& error) override {
    // A field of 64 KiB is more than the base class can hold.
    constexpr std::size_t kPerField = 16;
    field_bytes_ += name.size() + value.size() + kPerField;
    if (field_bytes_ > HttpSession::kLongestHeaders) {
      error = http::error::header_limit;
      return;
    }
    if (is_header_done()) return;  // a trailer changes nothing of what has been asked
    headers_.emplace_back(absl::AsciiStrToLower({name.data(), name.size()}), ToString(value));
  }

  std::size_t field_bytes_ = 0;
  HttpHeaders headers_;
};

}  // namespace

class Http1Session::Parser {
 public:
  explicit Parser(std::int64_t max_body_bytes) {
    parser_.header_limit(static_cast<std::uint32_t>(kLongestHeaders));
    parser_.body_limit(static_cast<std::uint64_t>(max_body_bytes));
    parser_.eager(true);
  }

  // Reads on, and takes what it has read away from `bytes`. An error but for need_more is final.
  boost::beast::error_code Read(std::string& bytes) {
    boost::beast::error_code error;
    std::size_t read = 0;
    // As much as it wants: a piece of the head, of the body, or of what stands between its chunks.
    while (read < bytes.size() && !parser_.is_done() && !error) {
      const std::size_t more =
          parser_.put(boost::asio::buffer(bytes.data() + read, bytes.size() - read), error);
      begun_ = true;
      read += more;
      if (more == 0) break;
    }
    bytes.erase(0, read);
    // Other codings of the body would be taken for none, and the body for the next request.
    if (has_head() && !parser_.chunked() && CountOf("transfer-encoding") > 0)
      return http::error::bad_transfer_encoding;
    return error;
  }

  bool begun() const { return begun_; }
  bool has_head() const { return parser_.is_header_done(); }
  bool is_done() const { return parser_.is_done(); }
  bool keep_alive() const { return parser_.keep_alive(); }
  bool is_http_1_0() const { return parser_.get().version() < 11; }
  bool expects_continue() const {
    return absl::EqualsIgnoreCase(std::string(HeaderOf(parser_.headers(), "expect")),
                                  "100-continue");
  }

  // HTTP/1.0 knows no hosts.
  bool names_its_host() const { return is_http_1_0() || CountOf("host") == 1; }

  // All of it, or as much as has been understood.
  HttpRequest Take() {
    http::request<http::string_body> message = parser_.release();
    return {.method = ToString(message.method_string()),
            .target = ToString(message.target()),
            .headers = parser_.TakeHeaders(),
            .body = std::move(message.body())};
  }

 private:
  std::ptrdiff_t CountOf(std::string_view name) const {
    return std::ranges::count(parser_.headers(), name,
                              [](const auto& field) { return std::string_view(field.first); });
  }

  RequestParser parser_;
  bool begun_ = false;
};

Http1Session::Http1Session(HttpSessionOptions options) : options_(std::move(options)) {}

Http1Session::~Http1Session() = default;

void Http1Session::Receive(std::string_view bytes) {
  if (!last_) in_.append(bytes);
}

// A body that has begun is read as it comes; what is asked behind it waits. After the last request
// nothing is read but whether the peer is still there.
bool Http1Session::wants_input() const { return last_ ? streaming() : in_.size() < kEnough; }

bool Http1Session::in_request() const {
  return !last_ && source_ == nullptr && (!in_.empty() || parser_ != nullptr);
}

void Http1Session::Drain() {
  draining_ = true;
  if (source_ == nullptr && !in_request()) last_ = true;
}

void Http1Session::Send(std::string& out) {
  const std::size_t begin = out.size();
  while (out.size() - begin < kEnough) {
    if (source_ != nullptr ? !SendPiece(out) : last_ || !ReadRequest(out)) return;
  }
}

// Whether a request has been answered.
bool Http1Session::ReadRequest(std::string& out) {
  if (in_.empty()) return false;
  if (parser_ == nullptr) parser_ = std::make_unique<Parser>(options_.max_body_bytes);
  const boost::beast::error_code error = parser_->Read(in_);
  if (error && error != http::error::need_more) {
    if (error == http::error::body_limit) {
      Refuse(413,
             "The body is longer than this endpoint's limit of " +
                 std::to_string(options_.max_body_bytes) + " bytes.\n",
             out);
    } else if (error == http::error::header_limit) {
      Refuse(431,
             "The head is longer than this endpoint's limit of " + std::to_string(kLongestHeaders) +
                 " bytes.\n",
             out);
    } else {
      Refuse(400, "This is no request of HTTP: " + error.message() + "\n", out);
    }
    return true;
  }
  if (parser_->has_head() && !parser_->names_its_host()) {
    Refuse(400, "A request of HTTP/1.1 has a header Host, and only one.\n", out);
    return true;
  }
  if (!parser_->is_done()) {
    if (parser_->has_head() && !told_to_continue_ && parser_->expects_continue()) {
      told_to_continue_ = true;
      out.append("HTTP/1.1 100 Continue\r\n\r\n");
    }
    return false;
  }
  const std::unique_ptr<Parser> parser = std::exchange(parser_, nullptr);
  told_to_continue_ = false;
  ++requests_;
  if (!parser->keep_alive() || (draining_ && in_.empty())) last_ = true;
  Answer(*parser, out);
  return true;
}

void Http1Session::Answer(Parser& parser, std::string& out) {
  HttpRequest request = parser.Take();
  const bool head_only = request.method == "HEAD";
  HttpResponse response = options_.handler(std::move(request));
  if (head_only) response.source = nullptr;
  // A body without an end is chunked, or ends with the connection.
  chunked_ = response.source != nullptr && !parser.is_http_1_0();
  if (response.source != nullptr && !chunked_) last_ = true;
  WriteHead(response, out);
  if (head_only) return;
  source_ = std::move(response.source);
  if (source_ == nullptr) {
    out.append(response.body);
    return;
  }
  WriteChunk(response.body, out);
  source_->OnWake(options_.wake);
}

// Nothing that comes after this can be understood.
void Http1Session::Refuse(int status, std::string_view why, std::string& out) {
  last_ = true;
  if (options_.refused != nullptr) options_.refused(parser_->Take(), status);
  parser_ = nullptr;
  in_.clear();
  WriteHead({.status = status,
             .headers = {{"content-type", "text/plain; charset=utf-8"}},
             .body = std::string(why)},
            out);
  out.append(why);
}

void Http1Session::WriteHead(const HttpResponse& response, std::string& out) const {
  absl::StrAppend(&out, "HTTP/1.1 ", response.status, " ",
                  ToString(http::obsolete_reason(static_cast<http::status>(response.status))),
                  "\r\n");
  for (const auto& [name, value] : response.headers)
    absl::StrAppend(&out, name, ": ", value, "\r\n");
  absl::StrAppend(&out, "date: ", HttpDate(), "\r\n");
  if (chunked_) {
    out.append("transfer-encoding: chunked\r\n");
  } else if (response.source == nullptr) {
    absl::StrAppend(&out, "content-length: ", response.body.size(), "\r\n");
  }
  if (last_) out.append("connection: close\r\n");
  out.append("\r\n");
}

void Http1Session::WriteChunk(std::string_view piece, std::string& out) const {
  if (piece.empty()) return;  // that would be the end
  if (chunked_) absl::StrAppend(&out, absl::Hex(piece.size()), "\r\n");
  out.append(piece);
  if (chunked_) out.append("\r\n");
}

// Whether it is worth while to ask for more.
bool Http1Session::SendPiece(std::string& out) {
  std::string piece;
  const bool more = !draining_ && source_->Next(piece);
  WriteChunk(piece, out);
  if (more) return !piece.empty();
  if (chunked_) out.append("0\r\n\r\n");
  chunked_ = false;
  source_ = nullptr;
  if (draining_) last_ = true;
  return true;
}

}  // namespace riacho::internal
