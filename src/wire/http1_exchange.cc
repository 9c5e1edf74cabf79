// One exchange in HTTP/1.1: Boost.Beast reads the answer.
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "wire/exchange.h"

namespace riacho::internal {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BoostView = boost::beast::string_view;

// Longer ones are no answer of the service, be they of one line or of many.
constexpr std::uint32_t kLongestHead = 64 * 1024;

std::string_view View(BoostView text) { return {text.data(), text.size()}; }

// What the parser finds. Body limits are the exchange's, which knows what has been taken.
class AnswerParser final : public http::basic_parser<false> {
 public:
  AnswerParser(int& status, HttpHeaders& headers, std::string& body)
      : status_(status), headers_(headers), body_(body) {
    eager(true);
    header_limit(kLongestHead);
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }

 private:
  void on_request_impl(http::verb, BoostView, BoostView, int, error_code&) override {}
  void on_response_impl(int code, BoostView, int, error_code&) override { status_ = code; }
  void on_field_impl(http::field, BoostView name, BoostView value, error_code& error) override {
    head_bytes_ += name.size() + value.size();
    if (head_bytes_ > kLongestHead) {
      error = http::error::header_limit;
      return;
    }
    headers_.emplace_back(absl::AsciiStrToLower({name.data(), name.size()}), View(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BoostView piece, error_code&) override {
    body_ += View(piece);
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, BoostView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BoostView piece, error_code&) override {
    body_ += View(piece);
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}

  int& status_;
  HttpHeaders& headers_;
  std::string& body_;
  std::size_t head_bytes_ = 0;
};

class Http1Exchange final : public Exchange {
 public:
  Http1Exchange(HttpRequest request, std::int64_t max_body_bytes)
      : max_body_bytes_(static_cast<std::size_t>(max_body_bytes)) {
    output_ = request.method + " " + request.target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers) output_ += name + ": " + value + "\r\n";
    output_ += "content-length: " + std::to_string(request.body.size()) + "\r\n\r\n";
    output_ += request.body;
    parser_.emplace(status_, headers_, body_);
  }

  absl::Status Add(std::string_view bytes) override {
    // Seldom more than the beginning of a line is left from the last time.
    pending_ += bytes;
    std::size_t begin = 0;
    error_code error;
    while (begin < pending_.size() && !parser_->is_done() && !error) {
      begin += parser_->put({pending_.data() + begin, pending_.size() - begin}, error);
      // There may be any number of interim answers before the answer.
      if (parser_->is_done() && status_ < 200) {
        headers_.clear();
        parser_.emplace(status_, headers_, body_);
      }
    }
    pending_.erase(0, begin);
    if (error && error != http::error::need_more) return Unreadable(error.message());
    if (pending_.size() > kLongestHead) return Unreadable("a line is too long");
    if (body_.size() > max_body_bytes_) {
      return absl::ResourceExhaustedError("The answer is longer than " +
                                          std::to_string(max_body_bytes_) + " bytes.");
    }
    return absl::OkStatus();
  }

  absl::Status AddEnd() override {
    if (!parser_->got_some() && pending_.empty())
      return absl::UnavailableError("The connection was closed before an answer came.");
    error_code error;
    if (!parser_->got_some()) return Unreadable("it ends in the middle");
    parser_->put_eof(error);
    return error ? Unreadable("it ends in the middle") : absl::OkStatus();
  }

  void TakeOutput(std::string& out) override { out += std::exchange(output_, {}); }
  bool has_head() const override { return parser_->is_header_done(); }
  bool done() const override { return parser_->is_done(); }
  bool leaves_connection_open() const override {
    return done() && parser_->keep_alive() && pending_.empty();
  }
  std::string TakeBody() override { return std::exchange(body_, {}); }

 private:
  static absl::Status Unreadable(const std::string& why) {
    return absl::DataLossError("The answer is no HTTP: " + why + ".");
  }

  const std::size_t max_body_bytes_;
  std::string output_;
  std::string pending_;  // read, and not understood yet
  std::string body_;
  std::optional<AnswerParser> parser_;
};

}  // namespace

std::unique_ptr<Exchange> NewHttp1Exchange(HttpRequest request, std::int64_t max_body_bytes) {
  return std::make_unique<Http1Exchange>(std::move(request), max_body_bytes);
}

}  // namespace riacho::internal
