#include "wire/socket_watcher.h"

#include <algorithm>
#include <cstddef>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

#include "base/check.h"

namespace riacho::internal {

SocketWatcher::SocketWatcher() : nudge_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  RIACHO_CHECK(nudge_ >= 0, nudge_);
}

SocketWatcher::~SocketWatcher() {
  std::thread thread;
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    thread = std::move(thread_);
  }
  Nudge();
  if (thread.joinable()) thread.join();
  close(nudge_);
}

std::uint64_t SocketWatcher::Watch(int socket, short events, absl::AnyInvocable<void()> wake) {
  const absl::MutexLock lock(&mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  sleepers_.push_back({++last_id_, socket, events, std::move(wake)});
  Nudge();
  return last_id_;
}

void SocketWatcher::Cancel(std::uint64_t id) {
  const absl::MutexLock lock(&mutex_);
  if (std::erase_if(sleepers_, [id](const Sleeper& sleeper) { return sleeper.id == id; }) != 0)
    Nudge();
}

// A poll that goes on with a socket that has been cancelled finds nobody to wake.
void SocketWatcher::Run() {
  std::vector<pollfd> entries;
  std::vector<std::uint64_t> ids;
  while (true) {
    entries.assign(1, {.fd = nudge_, .events = POLLIN, .revents = 0});
    ids.clear();
    {
      const absl::MutexLock lock(&mutex_);
      if (ending_) return;
      for (const Sleeper& sleeper : sleepers_) {
        entries.push_back({.fd = sleeper.socket, .events = sleeper.events, .revents = 0});
        ids.push_back(sleeper.id);
      }
    }
    if (poll(entries.data(), entries.size(), -1) < 0) continue;
    std::uint64_t nudges = 0;
    if (entries[0].revents != 0) {
      // Whatever it was about is seen in the list.
      [[maybe_unused]] const ssize_t read_bytes = read(nudge_, &nudges, sizeof(nudges));
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (entries[i + 1].revents != 0) WakeSleeper(ids[i]);
    }
  }
}

void SocketWatcher::Nudge() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(nudge_, &one, sizeof(one));
}

void SocketWatcher::WakeSleeper(std::uint64_t id) {
  // Under the mutex, so that Cancel waits for it.
  const absl::MutexLock lock(&mutex_);
  const auto found = std::ranges::find(sleepers_, id, &Sleeper::id);
  if (found == sleepers_.end()) return;
  absl::AnyInvocable<void()> wake = std::move(found->wake);
  sleepers_.erase(found);
  wake();
}

}  // namespace riacho::internal
