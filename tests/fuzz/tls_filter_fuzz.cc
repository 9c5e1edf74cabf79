// Any bytes to a server's TLS: of a client that keeps to it, of one whose words are changed on the
// way, and of one that never knew it. Nothing crashes; what is understood is what the client said,
// nothing else and in its order; after bytes that cannot be understood nothing is.
//
// The input: steps, of a byte that says what happens, and what that needs. The keys of each
// connection are drawn anew, as TLS has it, so what a changed byte hits is not the same each time.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "fuzz/script.h"
#include "wire/tls_filter.h"

namespace riacho::internal {
namespace {

using fuzz::Require;

const TlsContext& ServerContext() {
  static const auto* const kContext = [] {
    const SelfMadeCertificate made = MakeCertificate("127.0.0.1").value();
    return new TlsContext(TlsContext::Create(made.certificate, made.private_key).value());
  }();
  return *kContext;
}

SSL_CTX* ClientContext() {
  static SSL_CTX* const kContext = SSL_CTX_new(TLS_client_method());
  return kContext;
}

// A client that trusts anybody, without a connection.
class TlsClient {
 public:
  TlsClient() : ssl_(SSL_new(ClientContext()), &SSL_free) {
    BIO* const in = BIO_new(BIO_s_mem());
    BIO* const out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(ssl_.get(), in, out);
    SSL_set_connect_state(ssl_.get());
    Hear("");
  }

  void Hear(std::string_view bytes) {
    if (!bytes.empty())
      BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    char room[1024];
    while (SSL_read(ssl_.get(), room, sizeof(room)) > 0) {
    }
    ERR_clear_error();
  }
  // False: the two have not met yet, or never will.
  bool Say(std::string_view text) {
    if (text.empty() || SSL_is_init_finished(ssl_.get()) != 1) return false;
    const bool said = SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0;
    ERR_clear_error();
    return said;
  }
  // What is on its way to the server.
  std::string TakeOutput() {
    BIO* const bio = SSL_get_wbio(ssl_.get());
    std::string out(BIO_ctrl_pending(bio), '\0');
    if (!out.empty()) BIO_read(bio, out.data(), static_cast<int>(out.size()));
    return out;
  }

 private:
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
};

class Connection {
 public:
  bool is_open() const { return open_; }

  void Say(const std::string& text) {
    if (client_.Say(text)) said_ += text;
  }
  void Deliver(std::string_view bytes, std::size_t piece) {
    while (open_ && !bytes.empty()) {
      open_ = server_.Receive(bytes.substr(0, piece), heard_);
      bytes.remove_prefix(std::min(piece, bytes.size()));
      Require(said_.starts_with(heard_));
      std::string answer;
      server_.TakeOutput(answer);
      Require(answer.size() < kLongestAnswer);
      client_.Hear(answer);
    }
  }
  std::string TakeOutput() { return client_.TakeOutput(); }
  // Both ways, as long as there is anything.
  void Settle() {
    for (std::string bytes = TakeOutput(); open_ && !bytes.empty(); bytes = TakeOutput())
      Deliver(bytes, bytes.size());
  }
  // Nothing was changed on the way.
  void ExpectAll() const { Require(open_ && heard_ == said_); }
  void Answer() {
    std::string out;
    if (!server_.ready() || !server_.Send("well", out)) return;
    client_.Hear(out);
  }

 private:
  static constexpr std::size_t kLongestAnswer = 16 * 1024;

  TlsFilter server_{ServerContext()};
  TlsClient client_;
  bool open_ = true;
  std::string said_;
  std::string heard_;
};

}  // namespace
}  // namespace riacho::internal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace riacho::internal;
  constexpr int kMostSteps = 100;
  riacho::fuzz::Script script(bytes, size);
  Connection connection;
  bool unharmed = true;
  for (int step = 0; step < kMostSteps && connection.is_open() && !script.done(); ++step) {
    switch (script.Choose(5)) {
      case 0:
        connection.Settle();
        break;
      case 1:
        connection.Say(script.TakeText(script.Take(1)));
        break;
      case 2: {
        const std::size_t piece = 1 + script.Take(1);
        connection.Deliver(connection.TakeOutput(), piece);
        break;
      }
      case 3: {
        std::string sent = connection.TakeOutput();
        const std::size_t at = script.Take(2);
        const auto change = static_cast<char>(1 + script.Choose(255));
        if (sent.empty()) break;
        sent[at % sent.size()] = static_cast<char>(sent[at % sent.size()] ^ change);
        unharmed = false;
        connection.Deliver(sent, sent.size());
        break;
      }
      default:
        unharmed = false;
        connection.Deliver(script.TakeText(script.Take(2)), 1 + script.Take(1));
    }
    connection.Answer();
  }
  if (unharmed) {
    connection.Settle();
    connection.ExpectAll();
  }
  return 0;
}
