// An engine and the reference under one clock: each method puts one random request to both and
// compares the answers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "model_based/callers.h"
#include "model_based/choices.h"
#include "model_based/reference_service.h"
#include "riacho/engine/engine.h"
#include "riacho/time/manual_clock.h"

namespace riacho::model_based {

// Confined. After a difference nothing more may be asked.
class SideBySide {
 public:
  SideBySide(std::uint64_t seed, Mistake mistake, bool tell_story);

  using Method = void (SideBySide::*)();

  // Time passes, and at times turns back.
  void PassTime();
  void SettleEngine();
  void ChangeEngine();

  void CreateStream();
  void DeleteStream();
  void DescribeStream();
  void DescribeStreamSummary();
  void ListStreams();
  void IncreaseRetention();
  void DecreaseRetention();

  void ListShards();
  void SplitShard();
  void MergeShards();
  void UpdateShardCount();

  void UpdateStreamMode();
  void UpdateMaxRecordSize();
  void UpdateWarmThroughput();
  void UpdateStrategy();
  void EnableMonitoring();
  void DisableMonitoring();

  void StartEncryption();
  void StopEncryption();
  void ChangeKey();

  void PutPolicy();
  void GetPolicy();
  void DeletePolicy();

  void AddTags();
  void RemoveTags();
  void ListTags();
  void TagResource();
  void UntagResource();
  void ListResourceTags();

  void DescribeLimits();
  void DescribeAccountSettings();
  void UpdateAccountSettings();

  void CreateChannel();
  void DescribeChannel();
  void ListChannels();
  void UpdateChannel();
  void DeleteChannel();

  void PutRecord();
  void PutRecords();
  void GetShardIterator();
  void GetRecords();

  void RegisterConsumer();
  void DeregisterConsumer();
  void DescribeConsumer();
  void ListConsumers();
  void Subscribe();
  void Poll();
  void DropSubscription();

  // Reads every listed shard from its horizon to its end. Sets difference() unless open shards
  // cover the key space once, numbers rise in each shard, and what the streams hold is found once.
  void CheckProperties();

  // Before each operation.
  void SetDice(std::uint64_t seed) {
    choices_.random = Random(seed);
    last_answer_ = "ok";
    ChooseCaller();
  }
  const std::string& difference() const { return difference_; }
  std::string TakeLine();  // what the last operation was, if the story is told
  // The exception that the last operation was answered with, "ok", or what was special about it.
  std::string_view last_answer() const { return last_answer_; }
  bool has_streams() const { return !reference_.streams().empty(); }

 private:
  struct HeldIterator {
    std::string token;
    ReferenceIterator meaning;
  };
  struct HeldToken {
    std::string token;
    ReferenceToken meaning;
  };
  struct HeldSubscription {
    std::unique_ptr<Subscription> subscription;
    ReferenceSubscription meaning;
    std::optional<SequenceNumber> continuation = {};
    // For those that have a wake function: how often it has been called, now and when a poll last
    // came back empty, and how many records the shard had then.
    std::shared_ptr<std::int64_t> wakes = nullptr;
    std::int64_t wakes_when_idle = 0;
    std::optional<std::size_t> records_when_idle = {};
  };

  void MoveClock(std::int64_t by_nanos);
  // A time at which something ends, begins or is full again; the present if there is none.
  std::int64_t NextMoment();
  void Differ(std::string_view what, const std::string& engine, const std::string& reference);

  // For the next operation: the account or, in some episodes, a user.
  void ChooseCaller();
  void SetCaller(std::size_t number);

  // Whether both failed alike or neither failed; otherwise there is a difference.
  template <typename T, typename U>
  bool BothOk(const absl::StatusOr<T>& engine, const Answer<U>& reference) {
    return BothOk(engine.status(), reference.error);
  }
  bool BothOk(const absl::Status& engine, const std::optional<ErrorCode>& reference);
  template <typename T>
  void Same(std::string_view what, const T& engine, const T& reference) {
    if (engine == reference) return;
    std::ostringstream engine_text;
    std::ostringstream reference_text;
    Print(engine_text, engine);
    Print(reference_text, reference);
    Differ(what, engine_text.str(), reference_text.str());
  }
  template <typename T>
  static void Print(std::ostream& out, const T& value) {
    if constexpr (requires { out << value; }) {
      out << value;
    } else if constexpr (requires { value.has_value(); }) {
      value.has_value() ? Print(out, *value) : Print(out, std::string_view("none"));
    } else {
      for (const auto& item : value) {
        Print(out, item);
        out << "; ";
      }
    }
  }
  void CheckWakes(const HeldSubscription& held);
  void SameRecords(const RecordBatch& engine, const std::vector<ReferenceRecord>& reference);
  void LearnNumber(const ReferenceService::Put& put, std::size_t entry, ShardId shard,
                   const SequenceNumber& number);
  template <typename Request>
  void ChangeRetention(absl::StatusOr<typename Request::Response> (Client::*call)(const Request&),
                       Answer<Done> (ReferenceService::*reference_call)(const Request&,
                                                                        std::int64_t));
  template <typename Request>
  void ChangeMetrics(absl::StatusOr<typename Request::Response> (Client::*call)(const Request&),
                     Answer<typename Request::Response> (ReferenceService::*reference_call)(
                         const Request&, std::int64_t));
  void SameCommitment(const MinimumThroughputBillingCommitmentOutput& engine,
                      const MinimumThroughputBillingCommitmentOutput& reference);
  template <typename Request>
  Request EncryptionRequest();
  void RepairKeys();
  template <typename Request>
  void Channel(absl::StatusOr<typename Request::Response> (Client::*call)(const Request&),
               const Request& request, std::int64_t per_second);
  // The meaning of a token held for a list; sets `token`. Null: it is none of ours.
  const ReferenceToken* ChooseToken(std::vector<HeldToken>& held,
                                    std::optional<std::string>& token);
  template <typename Item>
  void KeepToken(std::vector<HeldToken>& held, const std::optional<std::string>& engine,
                 const ReferenceList<Item>& reference);
  // Keeps up to `most`; a further one takes the place of another.
  template <typename Held>
  void Keep(std::vector<Held>& all, Held one, std::size_t most) {
    if (all.size() < most) {
      all.push_back(std::move(one));
    } else {
      all[choices_.random.Uniform(most)] = std::move(one);
    }
  }

  std::vector<Shard> ListAllShards(const std::string& stream);
  // Clears `readable` when a key is gone that records were encrypted with.
  std::vector<SequenceNumber> ReadToTheEnd(const ReferenceStream& stream, const Shard& shard,
                                           bool& readable);

  // The story is told in pieces; costs nothing when it is not told.
  template <typename... Pieces>
  void Say(const Pieces&... pieces) {
    if (tells_) (Print(line_, pieces), ...);
  }
  template <typename Request>
  void SayStream(std::string_view operation, const Request& request) {
    Say(operation, " ", request.stream_name);
    if (request.stream_arn.has_value()) Say(" arn ", *request.stream_arn);
  }

  const bool tells_;
  std::ostringstream line_;
  std::string difference_;
  std::string_view last_answer_ = "ok";

  ManualClock clock_;
  Limits limits_;
  Lifecycle lifecycle_;
  std::unique_ptr<Engine> engine_;
  const std::vector<NaiveCaller> callers_;
  const bool users_call_;
  std::vector<std::unique_ptr<Client>> clients_ = {};  // of the callers
  Client* client_ = nullptr;
  std::unique_ptr<ReferenceService> reference_owner_;
  ReferenceService& reference_;
  Choices choices_;
  std::int64_t now_nanos_ = 0;

  std::vector<HeldIterator> iterators_ = {};
  std::vector<HeldToken> stream_tokens_ = {};
  std::vector<HeldToken> shard_tokens_ = {};
  std::vector<HeldToken> consumer_tokens_ = {};
  std::vector<HeldSubscription> subscriptions_ = {};
};

}  // namespace riacho::model_based
