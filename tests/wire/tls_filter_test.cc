// TLS as bytes in and bytes out: which protocol both ends agree on.
#include "wire/tls_filter.h"

#include <memory>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace riacho::internal {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// The client's end.
class TlsPeer {
 public:
  explicit TlsPeer(std::string_view offered) {
    BIO* const in = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in, -1);  // more may come
    SSL_set_bio(ssl_.get(), in, BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned int>(offered.size()));
  }

  // Takes what has come; what it says then.
  std::string Talk(const std::string& heard) {
    BIO_write(SSL_get_rbio(ssl_.get()), heard.data(), static_cast<int>(heard.size()));
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    if (done <= 0 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_SSL) {
      char text[256] = {};
      ERR_error_string_n(ERR_get_error(), text, sizeof(text));
      error_ = text;
    }
    char said[8192];
    const int count = BIO_read(SSL_get_wbio(ssl_.get()), said, sizeof(said));
    return count > 0 ? std::string(said, static_cast<std::size_t>(count)) : "";
  }

  std::string chosen() const {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  bool ready() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  const std::string& error() const { return error_; }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{SSL_CTX_new(TLS_client_method()),
                                                        &SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{SSL_new(context_.get()), &SSL_free};
  std::string error_;
};

class TlsFilterTest : public testing::Test {
 protected:
  // Until neither has anything to say.
  void ShakeHands(TlsPeer& peer) {
    std::string heard;
    for (std::string said; !(said = peer.Talk(heard)).empty();) {
      std::string plain;
      understood = filter.Receive(said, plain) && understood;
      heard.clear();
      filter.TakeOutput(heard);
    }
  }

  const SelfMadeCertificate made = *MakeCertificate("127.0.0.1");
  const TlsContext context = *TlsContext::Create(made.certificate, made.private_key);
  TlsFilter filter{context};
  bool understood = true;
};

TEST_F(TlsFilterTest, PrefersHttp2) {
  TlsPeer peer("\x08http/1.1\x02h2");
  ShakeHands(peer);
  EXPECT_TRUE(peer.ready());
  EXPECT_TRUE(filter.ready());
  EXPECT_EQ(peer.chosen(), "h2");
}

TEST_F(TlsFilterTest, SpeaksHttp1WithWhoSpeaksNothingElse) {
  TlsPeer peer("\x08http/1.1");
  ShakeHands(peer);
  EXPECT_TRUE(filter.ready());
  EXPECT_EQ(peer.chosen(), "http/1.1");
}

TEST_F(TlsFilterTest, LetsThoseInWhoOfferNothing) {
  TlsPeer peer("");
  ShakeHands(peer);
  EXPECT_TRUE(peer.ready());
  EXPECT_TRUE(filter.ready());
  EXPECT_THAT(peer.chosen(), IsEmpty());
}

TEST_F(TlsFilterTest, RefusesThoseWhoOfferNothingThatItSpeaks) {
  TlsPeer peer("\x02h3\x06spdy/3");
  ShakeHands(peer);
  EXPECT_FALSE(understood);
  EXPECT_FALSE(peer.ready());
  EXPECT_THAT(peer.error(), HasSubstr("no application protocol"));
}

TEST_F(TlsFilterTest, UnderstandsNothingButTls) {
  std::string plain;
  EXPECT_FALSE(filter.Receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n", plain));
  EXPECT_THAT(plain, IsEmpty());
}

}  // namespace
}  // namespace riacho::internal
