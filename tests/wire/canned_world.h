// A RemoteClient, and a server that says what the test wants, in time that passes when it is waited
// for.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "riacho/time/manual_clock.h"
#include "riacho/wire/remote_client.h"
#include "wire/canned_server.h"

namespace riacho {

// Whoever waits on it until a time finds that it has come.
class LeapingClock final : public Clock {
 public:
  absl::Time TimeNow() override { return clock_.TimeNow(); }
  bool WaitUntil(WakeEvent& event, absl::Time deadline) override {
    if (deadline != absl::InfiniteFuture()) {
      waits_.push_back(deadline - clock_.TimeNow());
      clock_.SetTime(deadline);
    }
    return clock_.WaitUntil(event, deadline);
  }
  const std::vector<absl::Duration>& waits() const { return waits_; }

 private:
  ManualClock clock_;
  std::vector<absl::Duration> waits_;
};

inline constexpr std::string_view kStored =
    R"({"ShardId":"shardId-000000000007","SequenceNumber":"49590338271490256608559692538361571095921575989136588898"})";

inline std::string Stored() { return HttpAnswer("200 OK", kStored); }
inline std::string Refused(std::string_view status, std::string_view name) {
  return HttpAnswer(status, R"({"__type":")" + std::string(name) + R"(","message":"said so"})");
}

class CannedWorld {
 public:
  explicit CannedWorld(std::vector<CannedAnswer> answers, RemoteClientOptions options = {})
      : server(std::move(answers)), client(Completed(std::move(options))) {}

  absl::StatusOr<PutRecordResponse> Put() {
    return client.PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "k"});
  }
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe() {
    return client.SubscribeToShard({.consumer_arn = "arn", .shard_id = "shardId-000000000000"});
  }

  LeapingClock clock;
  CannedServer server;
  RemoteClient client;

 private:
  RemoteClientOptions Completed(RemoteClientOptions options) {
    options.endpoint = server.url();
    options.region = "eu-west-1";
    options.credentials = {"AKID", "secret", "token"};
    options.clock = &clock;
    return options;
  }
};

}  // namespace riacho
