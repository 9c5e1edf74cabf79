#include "wire/http_session.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "wire/http1_session.h"
#include "wire/http2_session.h"

namespace riacho::internal {
namespace {

// Looks at the first bytes, and lets one of the two go on.
class ChoosingSession final : public HttpSession {
 public:
  explicit ChoosingSession(HttpSessionOptions options) : options_(std::move(options)) {}

  void Receive(std::string_view bytes) override {
    if (chosen_ != nullptr) return chosen_->Receive(bytes);
    first_.append(bytes);
    const std::size_t length = std::min(first_.size(), kHttp2Preface.size());
    if (std::string_view(first_).substr(0, length) != kHttp2Preface.substr(0, length)) {
      chosen_ = std::make_unique<Http1Session>(std::move(options_));
    } else if (length == kHttp2Preface.size()) {
      chosen_ = std::make_unique<Http2Session>(std::move(options_));
    } else {
      return;
    }
    chosen_->Receive(std::exchange(first_, {}));
  }
  void Send(std::string& out) override {
    if (chosen_ != nullptr) chosen_->Send(out);
  }
  void Drain() override {
    drained_ = true;
    if (chosen_ != nullptr) chosen_->Drain();
  }
  bool done() const override { return chosen_ != nullptr ? chosen_->done() : drained_; }
  bool wants_input() const override { return chosen_ == nullptr || chosen_->wants_input(); }
  bool in_request() const override {
    return chosen_ != nullptr ? chosen_->in_request() : !first_.empty();
  }
  std::uint64_t requests() const override { return chosen_ != nullptr ? chosen_->requests() : 0; }
  bool streaming() const override { return chosen_ != nullptr && chosen_->streaming(); }

 private:
  HttpSessionOptions options_;
  std::string first_;
  bool drained_ = false;
  std::unique_ptr<HttpSession> chosen_;
};

}  // namespace

HttpSession::~HttpSession() = default;

std::unique_ptr<HttpSession> NewHttpSession(HttpSessionOptions options) {
  return std::make_unique<ChoosingSession>(std::move(options));
}

std::string HttpDate() {
  thread_local std::int64_t second = -1;
  thread_local std::string date;
  const absl::Time now = absl::Now();
  if (std::exchange(second, absl::ToUnixSeconds(now)) != second || date.empty())
    date = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  return date;
}

}  // namespace riacho::internal
