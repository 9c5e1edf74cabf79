// One exchange in HTTP/2, alone on its connection: nghttp2 does the talking.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "base/check.h"
#include "wire/exchange.h"

namespace riacho::internal {
namespace {

// As much as the peer may send before the body is taken: an event of the usual size at once.
constexpr std::int32_t kWindowBytes = 1 << 20;
constexpr std::size_t kLongestHead = 64 * 1024;
constexpr int kLeastFinalStatus = 200;

struct SessionDeleter {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};

std::string_view View(const std::uint8_t* bytes, std::size_t length) {
  return {reinterpret_cast<const char*>(bytes), length};
}

nghttp2_nv Header(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

class Http2Exchange final : public Exchange {
 public:
  Http2Exchange(HttpRequest request, std::int64_t max_body_bytes)
      : max_body_bytes_(static_cast<std::size_t>(max_body_bytes)), request_(std::move(request)) {
    StartSession();
    Submit();
  }

  absl::Status Add(std::string_view bytes) override {
    const auto taken = nghttp2_session_mem_recv(
        session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (taken < 0) return Unreadable(nghttp2_strerror(static_cast<int>(taken)));
    if (!failure_.ok()) return failure_;
    if (body_.size() > max_body_bytes_) {
      return absl::ResourceExhaustedError("The answer is longer than " +
                                          std::to_string(max_body_bytes_) + " bytes.");
    }
    if (!done_ && nghttp2_session_want_read(session_.get()) == 0)
      return Unreadable("the session has ended");
    return absl::OkStatus();
  }

  absl::Status AddEnd() override {
    if (done_) return absl::OkStatus();
    if (!failure_.ok()) return failure_;
    if (!has_head_)
      return absl::UnavailableError("The connection was closed before an answer came.");
    return Unreadable("it ends in the middle");
  }

  void TakeOutput(std::string& out) override {
    const std::uint8_t* bytes = nullptr;
    while (true) {
      const auto length = nghttp2_session_mem_send(session_.get(), &bytes);
      if (length <= 0) return;
      out += View(bytes, static_cast<std::size_t>(length));
    }
  }

  bool has_head() const override { return has_head_; }
  bool done() const override { return done_; }
  bool leaves_connection_open() const override { return false; }

  std::string TakeBody() override {
    // Only now may the peer send as much again.
    if (!body_.empty()) nghttp2_session_consume(session_.get(), stream_, body_.size());
    return std::exchange(body_, {});
  }

 private:
  static absl::Status Unreadable(const std::string& why) {
    return absl::DataLossError("The answer is no HTTP/2: " + why + ".");
  }
  static Http2Exchange& Self(void* user) { return *static_cast<Http2Exchange*>(user); }

  void StartSession() {
    nghttp2_session_callbacks* callbacks = nullptr;
    RIACHO_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &OnHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &OnFrame);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, &OnSent);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &OnData);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &OnClose);
    nghttp2_option* option = nullptr;
    RIACHO_CHECK(nghttp2_option_new(&option) == 0);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session* session = nullptr;
    RIACHO_CHECK(nghttp2_session_client_new2(&session, callbacks, this, option) == 0);
    session_.reset(session);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const std::vector<nghttp2_settings_entry> settings = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kLongestHead}};
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
  }

  void Submit() {
    std::vector<nghttp2_nv> headers = {
        Header(":method", request_.method), Header(":scheme", request_.secure ? "https" : "http"),
        Header(":authority", HeaderOf(request_.headers, "host")), Header(":path", request_.target)};
    for (const auto& [name, value] : request_.headers) {
      if (name != "host") headers.push_back(Header(name, value));
    }
    nghttp2_data_provider body = {.source = {.ptr = this}, .read_callback = &ReadBody};
    stream_ = nghttp2_submit_request(session_.get(), nullptr, headers.data(), headers.size(), &body,
                                     nullptr);
    RIACHO_CHECK(stream_ > 0, stream_);
  }

  static ssize_t ReadBody(nghttp2_session*, std::int32_t, std::uint8_t* room, std::size_t length,
                          std::uint32_t* flags, nghttp2_data_source* source, void*) {
    Http2Exchange& self = Self(source->ptr);
    const std::size_t bytes = std::min(length, self.request_.body.size() - self.body_sent_);
    std::memcpy(room, self.request_.body.data() + self.body_sent_, bytes);
    self.body_sent_ += bytes;
    if (self.body_sent_ == self.request_.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(bytes);
  }

  static int OnHeader(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name,
                      std::size_t name_length, const std::uint8_t* value, std::size_t value_length,
                      std::uint8_t, void* user) {
    Http2Exchange& self = Self(user);
    const std::string_view key = View(name, name_length);
    const std::string_view text = View(value, value_length);
    self.head_bytes_ += name_length + value_length;
    if (self.head_bytes_ > kLongestHead) {
      self.failure_ = Unreadable("the headers are too long");
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    if (key == ":status") {
      // The library has seen to it that these are three digits.
      self.status_ = 0;
      for (const char digit : text) self.status_ = self.status_ * 10 + (digit - '0');
      self.headers_.clear();
    } else {
      self.headers_.emplace_back(key, text);
    }
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Exchange& self = Self(user);
    if (frame->hd.type == NGHTTP2_HEADERS && self.status_ >= kLeastFinalStatus)
      self.has_head_ = true;
    if (frame->hd.type == NGHTTP2_GOAWAY && (frame->goaway.last_stream_id < self.stream_ ||
                                             frame->goaway.error_code != NGHTTP2_NO_ERROR)) {
      self.failure_ =
          absl::UnavailableError(std::string("The endpoint ended the HTTP/2 session: ") +
                                 nghttp2_http2_strerror(frame->goaway.error_code) + ".");
    }
    return 0;
  }

  // The library says good-bye by itself when the endpoint has broken the protocol.
  static int OnSent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_GOAWAY)
      Self(user).failure_ = Unreadable(nghttp2_http2_strerror(frame->goaway.error_code));
    return 0;
  }

  static int OnData(nghttp2_session*, std::uint8_t, std::int32_t, const std::uint8_t* bytes,
                    std::size_t length, void* user) {
    Self(user).body_ += View(bytes, length);
    return 0;
  }

  static int OnClose(nghttp2_session*, std::int32_t, std::uint32_t error_code, void* user) {
    Http2Exchange& self = Self(user);
    if (error_code == NGHTTP2_NO_ERROR && self.has_head_) {
      self.done_ = true;
    } else if (self.failure_.ok()) {
      self.failure_ = absl::UnavailableError(std::string("The endpoint reset the stream: ") +
                                             nghttp2_http2_strerror(error_code) + ".");
    }
    return 0;
  }

  const std::size_t max_body_bytes_;
  const HttpRequest request_;
  std::size_t body_sent_ = 0;
  std::string body_;
  std::size_t head_bytes_ = 0;
  bool has_head_ = false;
  bool done_ = false;
  absl::Status failure_;
  std::int32_t stream_ = 0;
  std::unique_ptr<nghttp2_session, SessionDeleter> session_;
};

}  // namespace

std::unique_ptr<Exchange> NewHttp2Exchange(HttpRequest request, std::int64_t max_body_bytes) {
  return std::make_unique<Http2Exchange>(std::move(request), max_body_bytes);
}

}  // namespace riacho::internal
