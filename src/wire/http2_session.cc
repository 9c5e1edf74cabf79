#include "wire/http2_session.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include <nghttp2/nghttp2.h>

#include "base/check.h"

namespace riacho::internal {
namespace {

// Bodies of requests that have not ended, all streams together: so many of the longest.
constexpr std::int64_t kMostBodies = 4;

std::string_view View(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv Field(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));  // it only reads
  };
  return {.name = bytes(name),
          .value = bytes(value),
          .namelen = name.size(),
          .valuelen = value.size(),
          .flags = NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

struct Http2Session::Stream {
  std::int32_t id = 0;
  HttpRequest request = {};
  std::size_t header_bytes = 0;
  bool in_request = true;
  bool answered = false;
  bool deferred = false;  // has been asked for more than there was
  std::string body = {};  // of the answer, as far as it is there
  std::size_t sent = 0;
  std::unique_ptr<BodySource> source = {};
  bool in_pieces = false;  // had a source: holds a piece of it at most
};

struct Http2Session::Callbacks {
  static Http2Session& Self(void* user_data) { return *static_cast<Http2Session*>(user_data); }

  static int BeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    Http2Session& self = Self(user_data);
    // The peer is told that it may ask somebody else again, perhaps only when there is room for it.
    if (self.draining_) return 0;
    auto stream = std::make_unique<Stream>();
    stream->id = frame->hd.stream_id;
    ++self.in_requests_;
    self.streams_.emplace(stream->id, std::move(stream));
    return 0;
  }

  static int Header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name_bytes,
                    std::size_t name_size, const std::uint8_t* value_bytes, std::size_t value_size,
                    std::uint8_t /*flags*/, void* user_data) {
    Stream* const stream = Self(user_data).Find(frame->hd.stream_id);
    if (stream == nullptr || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;  // a trailer
    constexpr std::size_t kPerHeader = 32;  // as HTTP/2 counts them
    stream->header_bytes += name_size + value_size + kPerHeader;
    if (stream->header_bytes > kLongestHeaders) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string_view name = View(name_bytes, name_size);
    const std::string value(View(value_bytes, value_size));
    HttpRequest& request = stream->request;
    if (name == ":method") {
      request.method = value;
    } else if (name == ":path") {
      request.target = value;
    } else if (name == ":authority") {
      request.headers.emplace_back("host", value);
    } else if (name == "host" && !HeaderOf(request.headers, "host").empty()) {
      // Said twice, of which a signature counts one.
    } else if (!name.starts_with(':')) {
      request.headers.emplace_back(name, value);
    }
    return 0;
  }

  static int Data(nghttp2_session*, std::uint8_t /*flags*/, std::int32_t stream_id,
                  const std::uint8_t* bytes, std::size_t size, void* user_data) {
    Http2Session& self = Self(user_data);
    Stream* const stream = self.Find(stream_id);
    if (stream == nullptr || stream->answered) return 0;  // what is left of a refused body
    const auto more = static_cast<std::int64_t>(size);
    const std::int64_t limit = self.options_.max_body_bytes;
    if (static_cast<std::int64_t>(stream->request.body.size()) + more > limit) {
      self.RefuseBody(*stream);
    } else if (self.body_bytes_ + more > kMostBodies * limit) {
      self.Refuse(*stream, 503, "Too many long bodies at once on one connection.\n");
    } else {
      stream->request.body.append(View(bytes, size));
      self.body_bytes_ += more;
    }
    return 0;
  }

  static int Frame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    Http2Session& self = Self(user_data);
    Stream* const stream = self.Find(frame->hd.stream_id);
    if (stream == nullptr) return 0;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      if (std::exchange(stream->in_request, false)) --self.in_requests_;
      self.asked_.push_back(stream->id);
    } else if (frame->hd.type == NGHTTP2_HEADERS) {
      const std::string announced(HeaderOf(stream->request.headers, "content-length"));
      std::int64_t length = 0;
      if (absl::SimpleAtoi(announced, &length) && length > self.options_.max_body_bytes)
        self.RefuseBody(*stream);
    }
    return 0;
  }

  static int Close(nghttp2_session*, std::int32_t stream_id, std::uint32_t /*error*/,
                   void* user_data) {
    Http2Session& self = Self(user_data);
    if (Stream* const stream = self.Find(stream_id); stream != nullptr) {
      self.EndRequest(*stream);
      self.EndSource(*stream);
      std::erase(self.asked_, stream_id);
      self.streams_.erase(stream_id);
    }
    return 0;
  }

  static ssize_t Read(nghttp2_session* session, std::int32_t stream_id, std::uint8_t* bytes,
                      std::size_t size, std::uint32_t* flags, nghttp2_data_source* source,
                      void* user_data) {
    Http2Session& self = Self(user_data);
    auto& stream = *static_cast<Stream*>(source->ptr);
    RIACHO_CHECK(stream.id == stream_id, stream_id);
    if (stream.sent == stream.body.size()) {
      stream.body.clear();
      stream.sent = 0;
      if (stream.source != nullptr && (self.draining_ || !stream.source->Next(stream.body)))
        self.EndSource(stream);
      if (stream.body.empty() && stream.source != nullptr) {
        stream.deferred = true;
        return NGHTTP2_ERR_DEFERRED;
      }
    }
    const std::size_t count = std::min(size, stream.body.size() - stream.sent);
    if (count > 0) std::memcpy(bytes, stream.body.data() + stream.sent, count);
    stream.sent += count;
    if (stream.sent == stream.body.size() && stream.source == nullptr) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      // Behind the answer: what is left of a refused body need not come.
      if (nghttp2_session_get_stream_remote_close(session, stream_id) == 0)
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, stream_id, NGHTTP2_NO_ERROR);
    }
    return static_cast<ssize_t>(count);
  }
};

Http2Session::Http2Session(HttpSessionOptions options) : options_(std::move(options)) {
  nghttp2_session_callbacks* callbacks = nullptr;
  RIACHO_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0, "out of memory");
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, &Callbacks::BeginHeaders);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, &Callbacks::Header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Callbacks::Data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Callbacks::Frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Callbacks::Close);
  const int made = nghttp2_session_server_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  RIACHO_CHECK(made == 0, made);
  // Windows as large as bodies may be, so that an upload need not wait for us.
  const auto window = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(options_.max_body_bytes, NGHTTP2_INITIAL_WINDOW_SIZE, 64 << 20));
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMostStreams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(window)},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kLongestHeaders}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, window);
}

Http2Session::~Http2Session() { nghttp2_session_del(session_); }

void Http2Session::Receive(std::string_view bytes) {
  if (!broken_) in_.append(bytes);
}

bool Http2Session::wants_input() const { return !broken_ && in_.size() < kEnough; }

bool Http2Session::done() const {
  if (broken_ || (draining_ && streams_.empty())) return nghttp2_session_want_write(session_) == 0;
  return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
}

void Http2Session::Drain() {
  if (draining_) return;
  TakeInput();  // of which the peer is told that it is answered
  draining_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

void Http2Session::TakeInput() {
  if (in_.empty()) return;
  const std::string in = std::exchange(in_, {});
  // What is not HTTP/2 is answered by a GOAWAY that says so.
  if (nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(in.data()),
                               in.size()) < 0) {
    broken_ = true;
  }
}

void Http2Session::Send(std::string& out) {
  TakeInput();
  for (const auto& [id, stream] : streams_) {
    if (std::exchange(stream->deferred, false)) nghttp2_session_resume_data(session_, id);
  }
  const std::size_t begin = out.size();
  while (out.size() - begin < kEnough) {
    AnswerWhatHasRoom();
    const std::uint8_t* bytes = nullptr;
    const ssize_t count = nghttp2_session_mem_send(session_, &bytes);
    if (count < 0) broken_ = true;
    if (count <= 0) return;
    out.append(View(bytes, static_cast<std::size_t>(count)));
  }
}

// Answers wait here for windows that the peer opens; before there are too many, requests do. Not
// for bodies in pieces, which may be long: who does not read one may well read the next answer, and
// there are no more of them than streams.
void Http2Session::AnswerWhatHasRoom() {
  while (!asked_.empty()) {
    std::size_t waiting = 0;
    for (const auto& [id, stream] : streams_)
      if (!stream->in_pieces) waiting += stream->body.size() - stream->sent;
    if (waiting >= kEnough) return;
    Stream* const stream = Find(asked_.front());
    asked_.pop_front();
    RIACHO_CHECK(stream != nullptr, "closed, and still asked");
    Answer(*stream);
  }
}

Http2Session::Stream* Http2Session::Find(std::int32_t stream_id) {
  const auto stream = streams_.find(stream_id);
  return stream == streams_.end() ? nullptr : stream->second.get();
}

void Http2Session::Answer(Stream& stream) {
  if (stream.answered) return EndRequest(stream);  // refused before its end
  ++requests_;
  body_bytes_ -= static_cast<std::int64_t>(stream.request.body.size());
  const bool head_only = stream.request.method == "HEAD";
  HttpRequest request = std::move(stream.request);
  stream.request = {};
  EndRequest(stream);
  HttpResponse response = options_.handler(std::move(request));
  if (head_only) {
    response.source = nullptr;
    response.body.clear();
  }
  Respond(stream, std::move(response));
}

void Http2Session::RefuseBody(Stream& stream) {
  Refuse(stream, 413,
         "The body is longer than this endpoint's limit of " +
             std::to_string(options_.max_body_bytes) + " bytes.\n");
}

// What is left of the request is not waited for.
void Http2Session::Refuse(Stream& stream, int status, std::string why) {
  if (options_.refused != nullptr) options_.refused(stream.request, status);
  EndRequest(stream);
  Respond(stream, {.status = status,
                   .headers = {{"content-type", "text/plain; charset=utf-8"}},
                   .body = std::move(why)});
}

void Http2Session::Respond(Stream& stream, HttpResponse&& response) {
  stream.answered = true;
  body_bytes_ -= static_cast<std::int64_t>(std::exchange(stream.request.body, {}).size());
  stream.body = std::move(response.body);
  stream.source = std::move(response.source);
  stream.in_pieces = stream.source != nullptr;
  if (stream.in_pieces) {
    ++sources_;
    stream.source->OnWake(options_.wake);
  }
  const std::string status = std::to_string(response.status);
  const std::string date = HttpDate();
  const std::string length = std::to_string(stream.body.size());
  std::vector<nghttp2_nv> fields = {Field(":status", status), Field("date", date)};
  if (stream.source == nullptr) fields.push_back(Field("content-length", length));
  for (const auto& [name, value] : response.headers) fields.push_back(Field(name, value));
  nghttp2_data_provider provider = {.source = {.ptr = &stream}, .read_callback = &Callbacks::Read};
  const bool has_body = stream.source != nullptr || !stream.body.empty();
  if (nghttp2_submit_response(session_, stream.id, fields.data(), fields.size(),
                              has_body ? &provider : nullptr) != 0) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_INTERNAL_ERROR);
  }
}

void Http2Session::EndRequest(Stream& stream) {
  body_bytes_ -= static_cast<std::int64_t>(std::exchange(stream.request.body, {}).size());
  if (std::exchange(stream.in_request, false)) --in_requests_;
}

void Http2Session::EndSource(Stream& stream) {
  if (std::exchange(stream.source, nullptr) != nullptr) --sources_;
}

}  // namespace riacho::internal
