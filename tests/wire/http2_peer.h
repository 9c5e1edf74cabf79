// The client's end of HTTP/2, without a connection.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nghttp2/nghttp2.h>

namespace riacho::internal {

// Confined.
class Http2Peer {
 public:
  struct Answer {
    std::map<std::string, std::string> headers = {};
    std::string body = {};
    bool ended = false;
    std::uint32_t reset = 0;  // with which error
  };

  explicit Http2Peer(std::int32_t window = 1 << 20) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &OnHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &OnData);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &OnFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &OnClose);
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session_client_new2(&session_, callbacks, this, option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(window)}};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, 1);
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, 1 << 24);
  }
  Http2Peer(const Http2Peer&) = delete;
  Http2Peer& operator=(const Http2Peer&) = delete;
  ~Http2Peer() { nghttp2_session_del(session_); }

  // The id of the stream that the request goes by.
  std::int32_t Ask(const std::string& method, const std::string& path, const std::string& body = "",
                   std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.insert(
        headers.begin(),
        {{":method", method}, {":path", path}, {":scheme", "http"}, {":authority", "localhost"}});
    std::vector<nghttp2_nv> fields;
    for (auto& [name, value] : headers) {
      fields.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                        reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(),
                        NGHTTP2_NV_FLAG_NONE});
    }
    nghttp2_data_provider provider = {.source = {.ptr = nullptr}, .read_callback = &ReadBody};
    const std::int32_t id = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                                   body.empty() ? nullptr : &provider, nullptr);
    bodies_[id] = body;
    return id;
  }

  // What is to be sent now.
  std::string Send() {
    std::string out;
    const std::uint8_t* bytes = nullptr;
    for (ssize_t count = 0; (count = nghttp2_session_mem_send(session_, &bytes)) > 0;)
      out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    return out;
  }
  // Whether it could be understood.
  bool Receive(std::string_view bytes) {
    return nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                    bytes.size()) >= 0;
  }
  // Has read all that has come on a stream, and may be sent as much again.
  void Consume(std::int32_t id) {
    nghttp2_session_consume(session_, id, unread_[id]);
    unread_[id] = 0;
  }

  void Cancel(std::int32_t id) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  }

  // How much of a request's body has not been sent.
  std::size_t unsent(std::int32_t id) { return bodies_[id].size(); }
  const Answer& answer(std::int32_t id) { return answers_[id]; }
  bool told_to_go() const { return told_to_go_; }
  // The last stream that the other end says it looked at, when it tells to go.
  std::int32_t last_taken() const { return last_taken_; }

 private:
  static Http2Peer& Self(void* user_data) { return *static_cast<Http2Peer*>(user_data); }
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                      std::uint8_t, void* user_data) {
    Self(user_data).answers_[frame->hd.stream_id].headers.emplace(
        std::string(reinterpret_cast<const char*>(name), name_size),
        std::string(reinterpret_cast<const char*>(value), value_size));
    return 0;
  }
  static int OnData(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                    std::size_t size, void* user_data) {
    Self(user_data).answers_[id].body.append(reinterpret_cast<const char*>(bytes), size);
    Self(user_data).unread_[id] += size;
    return 0;
  }
  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      Self(user_data).told_to_go_ = true;
      Self(user_data).last_taken_ = frame->goaway.last_stream_id;
    }
    if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
        (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      Self(user_data).answers_[frame->hd.stream_id].ended = true;
    }
    return 0;
  }
  static int OnClose(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user_data) {
    Self(user_data).answers_[id].reset = error;
    return 0;
  }
  static ssize_t ReadBody(nghttp2_session*, std::int32_t id, std::uint8_t* bytes, std::size_t size,
                          std::uint32_t* flags, nghttp2_data_source*, void* user_data) {
    std::string& body = Self(user_data).bodies_[id];
    const std::size_t count = std::min(size, body.size());
    std::memcpy(bytes, body.data(), count);
    body.erase(0, count);
    if (body.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }

  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, std::string> bodies_;
  std::map<std::int32_t, std::size_t> unread_;
  std::map<std::int32_t, Answer> answers_;
  bool told_to_go_ = false;
  std::int32_t last_taken_ = 0;
};

}  // namespace riacho::internal
