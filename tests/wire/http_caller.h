// The client's end of HTTP/1.1: bytes over a socket on loopback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace riacho::internal {

inline constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
inline constexpr std::string_view kGetFeed = "GET /feed HTTP/1.1\r\nHost: x\r\n\r\n";

// Says and hears bytes. What it waits for must come: it has no time-out.
class Caller {
 public:
  explicit Caller(std::uint16_t port) : socket_(Io()) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }
  void Say(std::string_view bytes) {
    boost::system::error_code ignored;  // who is hung up on hears why
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }
  // What comes, until it ends so or the other end hangs up.
  std::string Hear(std::string_view end = "") {
    std::string heard;
    while (end.empty() || !std::string_view(heard).ends_with(end)) {
      char bytes[4096];
      boost::system::error_code error;
      const std::size_t count = socket_.read_some(boost::asio::buffer(bytes), error);
      heard.append(bytes, count);
      if (error) break;
    }
    return heard;
  }
  // Whether somebody listens there.
  static bool Connects(std::uint16_t port) {
    boost::asio::ip::tcp::socket socket(Io());
    boost::system::error_code error;
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port}, error);
    return !error;
  }
  // Something of what comes.
  std::string HearSome() {
    char bytes[4096];
    boost::system::error_code ignored;
    return {bytes, socket_.read_some(boost::asio::buffer(bytes), ignored)};
  }
  void HangUp() { socket_.close(); }
  // Hangs up without a good-bye, and forgets what is on its way.
  void Reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }
  void SayNoMore() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

 private:
  // One for all, which costs files of its own. Nobody runs it.
  static boost::asio::io_context& Io() {
    static boost::asio::io_context io;
    return io;
  }

  boost::asio::ip::tcp::socket socket_;
};

}  // namespace riacho::internal
