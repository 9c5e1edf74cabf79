// Access control: what a principal may do, shared streams, and the reasons of denials.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

bool Denied(const absl::Status& status) {
  std::cout << (status.ok() ? std::string("allowed") : std::string(riacho::ErrorMessage(status)))
            << "\n";
  return riacho::GetErrorCode(status) == riacho::ErrorCode::kAccessDenied;
}

}  // namespace

int main() {
  // [START user]
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> root = engine.NewClient();  // may do everything
  OrDie(root->CreateStream({.stream_name = "orders", .shard_count = 1}));

  // A producer that may put records into the streams of its own name, and nothing else.
  const riacho::Policy puts = OrDie(riacho::Policy::Parse(R"({
      "Version": "2012-10-17",
      "Statement": {"Effect": "Allow", "Action": "kinesis:PutRecord*",
                    "Resource": "arn:aws:kinesis:*:*:stream/${aws:username}"}})"));
  std::unique_ptr<riacho::Client> producer =
      engine.NewClient(riacho::Principal::User("orders", {puts}));
  // [END user]

  // [START denied]
  const riacho::PutRecordRequest record = {
      .stream_name = "orders", .data = "paid", .partition_key = "order-17"};
  const bool put = producer->PutRecord(record).ok();
  const absl::Status described = producer->DescribeStream({.stream_name = "orders"}).status();
  // [END denied]
  const bool may_not_describe = Denied(described);

  // [START session]
  // A role session, as a program in a network has one: its boundary and its session policy must
  // allow, too.
  riacho::Principal session =
      riacho::Principal::RoleSession("shop", "i-17", {OrDie(riacho::Policy::Parse(R"({
          "Version": "2012-10-17",
          "Statement": [
            {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"},
            {"Sid": "FromTheOffice", "Effect": "Deny", "Action": "*", "Resource": "*",
             "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}]})"))});
  session.source_ip = "198.51.100.7";
  const bool denied_from_afar = Denied(engine.NewClient(session)->PutRecord(record).status());
  session.source_ip = "203.0.113.7";
  const bool allowed_in_the_office = engine.NewClient(session)->PutRecord(record).ok();
  // [END session]

  // [START share]
  // Another account may write to the stream: its owner says so here, its own policies there.
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
  OrDie(root->PutResourcePolicy({.resource_arn = arn, .policy = R"({
      "Version": "2012-10-17",
      "Statement": [{"Effect": "Allow", "Principal": {"AWS": "999999999999"},
                     "Action": "kinesis:PutRecord",
                     "Resource": "arn:aws:kinesis:us-east-1:123456789012:stream/orders"}]})"}));
  riacho::Principal partner = riacho::Principal::User(
      "partner",
      {OrDie(riacho::Policy::Parse(
          R"({"Statement": {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}})"))});
  partner.account_id = "999999999999";
  std::unique_ptr<riacho::Client> visitor = engine.NewClient(partner);
  const bool shared =
      visitor->PutRecord({.data = "paid", .partition_key = "order-17", .stream_arn = arn}).ok();
  const bool by_name = visitor->PutRecord(record).ok();  // a stream of account 999999999999
  // [END share]

  // [START decide]
  // Without an engine: which statement of which policy decides?
  const riacho::Decision decision =
      riacho::Decide(session, {.action = "kinesis:DeleteStream",
                               .resource = arn,
                               .context = {{"aws:SourceIp", {"198.51.100.7"}}}});
  std::cout << decision.allowed << ", statement " << decision.statement << " (" << decision.sid
            << ") of the " << *decision.policy_type << ": " << decision.reason << "\n";
  // [END decide]

  const bool as_expected = put && may_not_describe && denied_from_afar && allowed_in_the_office &&
                           shared && !by_name && decision.sid == "FromTheOffice";
  return as_expected ? 0 : 1;
}
