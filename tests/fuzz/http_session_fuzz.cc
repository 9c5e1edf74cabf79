// Any bytes to a server of HTTP. Nothing crashes; however they are cut into pieces, the same
// requests are carried out; bodies keep to the limit.
//
// The input: one byte from which the pieces are cut; the rest is what a client says.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/script.h"
#include "riacho/base/random.h"
#include "wire/http_session.h"

namespace riacho::internal {
namespace {

using fuzz::Require;

constexpr std::int64_t kLongestBody = 1000;

// Ends at once.
class NoMore final : public BodySource {
 public:
  bool Next(std::string& /*out*/) override { return false; }
  void OnWake(absl::AnyInvocable<void()> /*wake*/) override {}
};

class Listener {
 public:
  Listener()
      : session_(
            NewHttpSession({.handler = [this](HttpRequest&& request) { return Answer(request); },
                            .max_body_bytes = kLongestBody,
                            .wake = [] {}})) {}

  void Hear(std::string_view bytes) {
    session_->Receive(bytes);
    for (std::string out;; out.clear()) {
      session_->Send(out);
      if (out.empty()) return;
      Require(out.size() < 2 * HttpSession::kEnough);
    }
  }
  // Of all requests, in their order.
  const std::vector<std::string>& End() {
    session_->Drain();
    Hear("");
    return requests_;
  }

 private:
  HttpResponse Answer(const HttpRequest& request) {
    Require(request.body.size() <= kLongestBody);
    std::string all = request.method + " " + request.target + "\n" + request.body;
    for (const auto& [name, value] : request.headers) all += "\n" + name + ": " + value;
    requests_.push_back(std::move(all));
    HttpResponse response = {.body = "well"};
    if (request.target.size() % 2 == 0) response.source = std::make_unique<NoMore>();
    return response;
  }

  std::vector<std::string> requests_;
  std::unique_ptr<HttpSession> session_;
};

}  // namespace
}  // namespace riacho::internal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace riacho::internal;
  riacho::fuzz::Script script(bytes, size);
  riacho::Random random(script.Take(1));
  const std::string_view said = script.Rest();
  Listener whole;
  whole.Hear(said);
  Listener in_pieces;
  for (std::string_view rest = said; !rest.empty();) {
    const std::string_view piece = rest.substr(0, static_cast<std::size_t>(1 + random.Uniform(40)));
    rest.remove_prefix(piece.size());
    in_pieces.Hear(piece);
  }
  Require(whole.End() == in_pieces.End());
  return 0;
}
