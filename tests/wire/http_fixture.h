// A handler that says what it was asked, and bodies that a test feeds.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "wire/http.h"

namespace riacho::internal {

// What a test puts into a body without an end. Thread-safe.
class Feed {
 public:
  void Add(std::string piece) {
    const absl::MutexLock lock(&mutex_);
    pieces_.push_back(std::move(piece));
    if (wake_ != nullptr) wake_();
  }
  void End() {
    const absl::MutexLock lock(&mutex_);
    ended_ = true;
    if (wake_ != nullptr) wake_();
  }
  // How many bodies read it now.
  int readers() const {
    const absl::MutexLock lock(&mutex_);
    return readers_;
  }
  std::size_t left() const {
    const absl::MutexLock lock(&mutex_);
    return pieces_.size();
  }
  std::unique_ptr<BodySource> Source() { return std::make_unique<Body>(*this); }

 private:
  class Body final : public BodySource {
   public:
    explicit Body(Feed& feed) : feed_(feed) {
      const absl::MutexLock lock(&feed_.mutex_);
      ++feed_.readers_;
    }
    ~Body() override {
      const absl::MutexLock lock(&feed_.mutex_);
      --feed_.readers_;
      feed_.wake_ = nullptr;
    }
    bool Next(std::string& out) override {
      const absl::MutexLock lock(&feed_.mutex_);
      if (feed_.pieces_.empty()) return !feed_.ended_;
      out.append(feed_.pieces_.front());
      feed_.pieces_.pop_front();
      return true;
    }
    void OnWake(absl::AnyInvocable<void()> wake) override {
      const absl::MutexLock lock(&feed_.mutex_);
      feed_.wake_ = std::move(wake);
    }

   private:
    Feed& feed_;
  };

  mutable absl::Mutex mutex_;
  std::deque<std::string> pieces_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  int readers_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::AnyInvocable<void()> wake_ ABSL_GUARDED_BY(mutex_);
};

// "POST /path 5 hello", and the feed's body for "/feed".
class Echo {
 public:
  HttpResponse operator()(HttpRequest&& request) {
    ++requests;
    HttpResponse response = {.headers = {{"content-type", "text/plain"}}};
    if (request.target == "/feed") {
      response.source = feed.Source();
      return response;
    }
    response.body = request.method + " " + request.target + " " +
                    std::to_string(request.body.size()) + " " + request.body.substr(0, 20);
    return response;
  }

  Feed feed;
  std::atomic<int> requests = 0;
};

}  // namespace riacho::internal
