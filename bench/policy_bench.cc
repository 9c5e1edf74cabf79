// What it costs to be asked about: PutRecord as the account's root, and as users with policies.
#include <cstdint>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>

#include "bench_stream.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kStep = 80'000;  // puts, so that what is live fits the warm segments
constexpr char kArn[] = "arn:aws:kinesis:us-east-1:123456789012:stream/bench";

Policy PolicyOf(const std::string& statement, PolicyKind kind = PolicyKind::kIdentity) {
  return Policy::Parse(R"({"Version":"2012-10-17","Statement":)" + statement + "}", kind).value();
}

void Put(benchmark::State& state, BenchStream& stream, const Principal& principal) {
  const std::unique_ptr<Client> client = stream.As(principal);
  const std::string data(100, 'd');
  std::int64_t until_step = kStep;
  for (auto _ : state) {
    if (!client->PutRecord({.stream_name = "bench", .data = data, .partition_key = "key"}).ok())
      state.SkipWithError("refused");
    if (--until_step == 0) {
      stream.Step();
      until_step = kStep;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void PutAsRoot(benchmark::State& state) {
  BenchStream stream(1);
  Put(state, stream, Principal::Root());
}
BENCHMARK(PutAsRoot);

void PutAsUser(benchmark::State& state) {
  BenchStream stream(1);
  Put(state, stream,
      Principal::User("alice", {PolicyOf(R"({"Effect":"Allow","Action":"kinesis:Put*",)"
                                         R"("Resource":"arn:aws:kinesis:*:*:stream/b*"})")}));
}
BENCHMARK(PutAsUser);

void PutAsUserWithVariableAndConditions(benchmark::State& state) {
  BenchStream stream(1);
  Principal user = Principal::User(
      "bench", {PolicyOf(R"({"Effect":"Allow","Action":"kinesis:Put*",)"
                         R"("Resource":"arn:aws:kinesis:*:*:stream/${aws:username}",)"
                         R"("Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},)"
                         R"("Bool":{"aws:SecureTransport":"true"}}})")});
  user.source_ip = "203.0.113.9";
  Put(state, stream, user);
}
BENCHMARK(PutAsUserWithVariableAndConditions);

void PutByResourcePolicy(benchmark::State& state) {
  BenchStream stream(1);
  stream.kinesis
      ->PutResourcePolicy(
          {.resource_arn = kArn,
           .policy = PolicyOf(R"({"Effect":"Allow","Action":"kinesis:PutRecord","Resource":")" +
                                  std::string(kArn) + R"(","Principal":{"AWS":)" +
                                  R"("arn:aws:iam::123456789012:user/alice"}})",
                              PolicyKind::kResource)
                         .text()})
      .IgnoreError();
  Put(state, stream, Principal::User("alice"));
}
BENCHMARK(PutByResourcePolicy);

}  // namespace
}  // namespace riacho::bench
