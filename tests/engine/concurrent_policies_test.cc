// Puts look at a stream's resource policy without a lock, while others replace it and take it away.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine_fixture.h"
#include "security/policy_fixture.h"

namespace riacho {
namespace {

// Writers put as a user whom one policy allows, the other denies, and who has no rights without
// any. Threads are needed: the policy must not be destroyed while a put evaluates it.
TEST(ConcurrentPolicies, APutSeesOnePolicyOrTheOtherWhileTheyAreReplaced) {
  constexpr int kReplacements = 2000;
  EngineOptions options;
  options.limits = Limits::Unlimited();
  World world(options);
  world.Create("orders");
  const std::string alice = Aws("arn:aws:iam::123456789012:user/alice");
  const PutResourcePolicyRequest allow = {
      .resource_arn = std::string(kOrders),
      .policy = ResourcePolicyJson("Allow", alice, "kinesis:PutRecord", kOrders)};
  const PutResourcePolicyRequest deny = {
      .resource_arn = std::string(kOrders),
      .policy = ResourcePolicyJson("Deny", alice, "kinesis:PutRecord", kOrders)};

  std::atomic<bool> done = false;
  std::atomic<int> allowed = 0;
  std::atomic<int> denied = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&] {
      const std::unique_ptr<Client> client = world.engine.NewClient(Principal::User("alice"));
      while (!done.load()) {
        const absl::Status status =
            client->PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"})
                .status();
        if (status.ok()) {
          ++allowed;
        } else {
          ASSERT_THAT(status, FailsAs(ErrorCode::kAccessDenied));
          ++denied;
        }
      }
    });
  }
  for (int i = 0; i < kReplacements || allowed == 0 || denied == 0; ++i) {
    ASSERT_THAT(world.kinesis->PutResourcePolicy(allow), Succeeds());
    ASSERT_THAT(world.kinesis->PutResourcePolicy(deny), Succeeds());
    ASSERT_THAT(world.kinesis->DeleteResourcePolicy({.resource_arn = std::string(kOrders)}),
                Succeeds());
  }
  done = true;
  for (std::thread& writer : writers) writer.join();
}

}  // namespace
}  // namespace riacho
