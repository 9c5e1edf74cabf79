#include "riacho/time/schedule.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace riacho {

void Schedule::Add(Agent& agent) {
  const auto [member, is_new] =
      members_.try_emplace(&agent, Place{absl::InfinitePast(), next_joined_});
  if (!is_new) {
    Move(member, absl::InfinitePast());
    return;
  }
  ++next_joined_;
  queue_.emplace(member->second, &agent);
}

void Schedule::Remove(Agent& agent) {
  const auto member = members_.find(&agent);
  if (member == members_.end()) return;
  queue_.erase(member->second);
  members_.erase(member);
}

void Schedule::Wake(Agent& agent) {
  const auto member = members_.find(&agent);
  if (member != members_.end()) Move(member, absl::InfinitePast());
}

void Schedule::WakeAll() {
  for (auto member = members_.begin(); member != members_.end(); ++member) {
    Move(member, absl::InfinitePast());
  }
}

void Schedule::RunDue(absl::Time now) {
  RIACHO_CHECK(!running_, "an agent called RunDue of the schedule that polls it");
  running_ = true;
  pass_.clear();
  for (const auto& [place, agent] : queue_) {
    if (place.due > now || place.due == absl::InfiniteFuture()) break;
    pass_.push_back({agent, place.joined});
  }
  const auto is_here = [this](auto member, const Due& due) {
    return member != members_.end() && member->second.joined == due.joined;
  };
  for (const Due& due : pass_) {
    const auto member = members_.find(due.agent);
    if (!is_here(member, due)) continue;
    // A wake that comes while the agent is polled must outlast the answer, so the answer can only
    // be earlier than this.
    Move(member, absl::InfiniteFuture());
    const absl::Time next = due.agent->Poll(now);
    const auto polled = members_.find(due.agent);
    if (is_here(polled, due)) Move(polled, std::min(next, polled->second.due));
  }
  running_ = false;
}

absl::Time Schedule::NextDue() const {
  return queue_.empty() ? absl::InfiniteFuture() : queue_.begin()->first.due;
}

void Schedule::Move(std::map<Agent*, Place>::iterator member, absl::Time due) {
  auto node = queue_.extract(member->second);
  member->second.due = due;
  node.key() = member->second;
  queue_.insert(std::move(node));
}

}  // namespace riacho
