// riacho-endpoint as a process of its own.
#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

namespace riacho::bench {

// Starts the program, with a stream "bench" of four shards, no limits and any free port, and waits
// until it says where it listens. Ends it with SIGTERM. Throws what goes wrong.
class EndpointProcess {
 public:
  EndpointProcess() {
    std::array<int, 2> pipe_ends = {};
    if (pipe(pipe_ends.data()) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
    std::array<std::string, 7> words = {
        RIACHO_ENDPOINT_PROGRAM, "--port", "0", "--limits", "off", "--stream", "bench:4"};
    std::array<char*, 8> arguments = {};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    const int failed =
        posix_spawn(&process_, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    if (failed == 0) port_ = ReadPort(pipe_ends[0]);
    close(pipe_ends[0]);
    if (port_ == 0) throw std::runtime_error(words[0] + " does not start");
  }
  EndpointProcess(const EndpointProcess&) = delete;
  EndpointProcess& operator=(const EndpointProcess&) = delete;

  ~EndpointProcess() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }

  std::uint16_t port() const { return port_; }

  // Memory that it holds now, in bytes.
  std::int64_t resident_bytes() const {
    constexpr std::int64_t kKibi = 1024;
    std::ifstream status("/proc/" + std::to_string(process_) + "/status");
    std::string word;
    while (status >> word && word != "VmRSS:") status.ignore(std::numeric_limits<int>::max(), '\n');
    std::int64_t kibibytes = 0;
    status >> kibibytes;
    return kibibytes * kKibi;
  }

 private:
  // Of the first line, which ends in a URL; 0 if there is none.
  static std::uint16_t ReadPort(int file) {
    std::string line;
    char c = 0;
    while (read(file, &c, 1) == 1 && c != '\n') line += c;
    const std::size_t colon = line.rfind(':');
    return colon == std::string::npos
               ? std::uint16_t{0}
               : static_cast<std::uint16_t>(std::atoi(line.c_str() + colon + 1));
  }

  pid_t process_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace riacho::bench
