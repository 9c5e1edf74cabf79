// A client of HTTP/1.1 that costs next to nothing: the same bytes again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace riacho::bench {

// The bytes of a call.
inline std::string CallOf(std::string_view operation, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
         "X-Amz-Target: Kinesis_20131202." +
         std::string(operation) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

// Throws what the system says.
class LoopbackCaller {
 public:
  explicit LoopbackCaller(std::uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  }

  void Ask(std::string_view call) { boost::asio::write(socket_, boost::asio::buffer(call)); }

  // The body of the next answer; valid until the next call.
  std::string_view Hear() {
    heard_.erase(0, taken_);
    taken_ = 0;
    constexpr std::string_view kHeadEnd = "\r\n\r\n";
    std::size_t head = 0;
    while ((head = heard_.find(kHeadEnd)) == std::string::npos) Read();
    constexpr std::string_view kLength = "content-length: ";
    const std::size_t length = heard_.find(kLength);
    if (!heard_.starts_with("HTTP/1.1 200") || length > head)
      throw std::runtime_error("answered: " + heard_);
    const std::size_t size = std::stoul(heard_.substr(length + kLength.size(), 20));
    const std::size_t begin = head + kHeadEnd.size();
    while (heard_.size() < begin + size) Read();
    taken_ = begin + size;
    return std::string_view(heard_).substr(begin, size);
  }
  std::string_view Call(std::string_view call) {
    Ask(call);
    return Hear();
  }

  // Some bytes of an answer without an end; valid until the next call.
  std::string_view Drink() {
    heard_.clear();
    taken_ = 0;
    Read();
    return heard_;
  }

 private:
  void Read() {
    boost::system::error_code error;
    const std::size_t count = socket_.read_some(boost::asio::buffer(piece_), error);
    if (error) throw std::runtime_error(error.message());
    heard_.append(piece_.data(), count);
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::vector<char> piece_ = std::vector<char>(256 * 1024);
  std::string heard_;
  std::size_t taken_ = 0;
};

}  // namespace riacho::bench
