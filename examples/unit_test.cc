// A unit test of event-driven code: seven days pass in a microsecond.
//
// The class under test reads the events of web shops and reminds a customer whose cart has been
// lying around for seven days. It knows a stream and a clock, as it would in production; the test
// brings an Engine and a ManualClock, and needs no double of either. And when a reply is lost,
// those who count on each reminder to come once are in for a surprise.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/riacho.h"
#include "riacho/testing/fixtures.h"
#include "riacho/testing/matchers.h"

namespace shop {

// [START abandoned_carts]
// Puts a reminder on the stream "reminders" for each cart that was filled seven days ago and has
// not been paid since.
class AbandonedCarts {
 public:
  AbandonedCarts(riacho::Client& kinesis, riacho::Clock& clock)
      : kinesis_(kinesis), clock_(clock), iterator_(NewIterator()) {}

  // Call it now and then.
  void Run() {
    auto page = kinesis_.GetRecords({.shard_iterator = iterator_});
    if (riacho::GetErrorCode(page.status()) == riacho::ErrorCode::kExpiredIterator) {
      page = kinesis_.GetRecords({.shard_iterator = iterator_ = NewIterator()});
    }
    if (!page.ok()) return;  // throttled: the next call goes on from here
    iterator_ = *page->next_shard_iterator;
    for (const riacho::Record& event : page->records) {
      const std::string cart(event.partition_key);
      if (event.data == "filled") filled_[cart] = event.approximate_arrival_timestamp;
      if (event.data == "paid") filled_.erase(cart);
      last_ = event.sequence_number;
    }
    std::erase_if(filled_, [&](const auto& entry) {
      const auto& [cart, since] = entry;
      return clock_.TimeNow() - since >= absl::Hours(7 * 24) && Remind(cart, since);
    });
  }

 private:
  // If this fails, the next Run tries again.
  bool Remind(const std::string& cart, absl::Time since) {
    const std::string filled = "filled " + absl::FormatTime(since, absl::UTCTimeZone());
    return kinesis_.PutRecord({.stream_name = "reminders", .data = filled, .partition_key = cart})
        .ok();
  }

  // Behind the last event read.
  std::string NewIterator() {
    riacho::GetShardIteratorRequest request = {
        .stream_name = "carts",
        .shard_id = "shardId-000000000000",
        .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon};
    if (last_.has_value()) {
      request.shard_iterator_type = riacho::ShardIteratorType::kAfterSequenceNumber;
      request.starting_sequence_number = last_->ToString();
    }
    return kinesis_.GetShardIterator(request)->shard_iterator;
  }

  riacho::Client& kinesis_;
  riacho::Clock& clock_;
  std::optional<riacho::SequenceNumber> last_;
  std::map<std::string, absl::Time> filled_;
  std::string iterator_;
};
// [END abandoned_carts]

// [START letters]
// Writes a letter for each reminder...
std::vector<std::string> NaiveLetters(const riacho::RecordBatch& reminders) {
  std::vector<std::string> letters;
  for (const riacho::Record& reminder : reminders) letters.emplace_back(reminder.partition_key);
  return letters;
}

// ... or for each cart and the time at which it was filled: at least once becomes once.
std::vector<std::string> CarefulLetters(const riacho::RecordBatch& reminders) {
  std::set<std::pair<std::string_view, std::string_view>> written;
  std::vector<std::string> letters;
  for (const riacho::Record& reminder : reminders) {
    if (written.emplace(reminder.partition_key, reminder.data).second)
      letters.emplace_back(reminder.partition_key);
  }
  return letters;
}
// [END letters]

namespace {

// [START fixture]
// `kinesis` and `clock` are the kit's.
class AbandonedCartsTest : public riacho::EngineTest {
 protected:
  AbandonedCartsTest() : AbandonedCartsTest(std::make_shared<riacho::FaultPlan>()) {}

  void Fill(const std::string& cart) { Put("carts", cart, "filled"); }
  void Pay(const std::string& cart) { Put("carts", cart, "paid"); }

  // Time passes, and the code under test runs once per minute of it.
  void Pass(absl::Duration duration) {
    for (absl::Duration passed; passed < duration; passed += absl::Minutes(1)) {
      clock.AdvanceTime(absl::Minutes(1));
      carts_->Run();
    }
  }

  riacho::RecordBatch ReminderRecords() {
    auto iterator =
        kinesis.GetShardIterator({.stream_name = "reminders",
                                  .shard_id = "shardId-000000000000",
                                  .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon});
    return std::move(kinesis.GetRecords({.shard_iterator = iterator->shard_iterator})->records);
  }

  // The carts that have been reminded of so far.
  std::vector<std::string> Reminders() { return NaiveLetters(ReminderRecords()); }

  std::shared_ptr<riacho::FaultPlan> faults_;
  std::unique_ptr<AbandonedCarts> carts_;

 private:
  explicit AbandonedCartsTest(std::shared_ptr<riacho::FaultPlan> faults)
      : EngineTest({.interceptors = {faults}}), faults_(std::move(faults)) {
    CreateStream("carts");
    CreateStream("reminders");
    carts_ = std::make_unique<AbandonedCarts>(kinesis, clock);
  }
};
// [END fixture]

// [START seven_days]
TEST_F(AbandonedCartsTest, AReminderIsSentAfterSevenDays) {
  Fill("cart-17");
  carts_->Run();
  EXPECT_THAT(Reminders(), testing::IsEmpty());

  clock.AdvanceTime(absl::Hours(7 * 24));
  carts_->Run();
  EXPECT_THAT(Reminders(), testing::ElementsAre("cart-17"));
}
// [END seven_days]

TEST_F(AbandonedCartsTest, NoReminderIsSentAMinuteTooEarly) {
  Fill("cart-17");
  Pass(absl::Hours(7 * 24) - absl::Minutes(1));
  EXPECT_THAT(Reminders(), testing::IsEmpty());
  Pass(absl::Minutes(1));
  EXPECT_THAT(Reminders(), testing::ElementsAre("cart-17"));
}

TEST_F(AbandonedCartsTest, APaidCartIsLeftInPeace) {
  Fill("cart-17");
  Fill("cart-18");
  Pass(absl::Hours(3 * 24));
  Pay("cart-17");
  Pass(absl::Hours(4 * 24));
  EXPECT_THAT(Reminders(), testing::ElementsAre("cart-18"));
}

TEST_F(AbandonedCartsTest, WhoeverAddsSomethingHasSevenMoreDays) {
  Fill("cart-17");
  Pass(absl::Hours(6 * 24));
  Fill("cart-17");
  Pass(absl::Hours(6 * 24));
  EXPECT_THAT(Reminders(), testing::IsEmpty());
}

// [START throttled]
// Errors are the service's, so the unhappy paths can be walked too: here the shard of the reminders
// is full for this second.
TEST_F(AbandonedCartsTest, AReminderThatIsThrottledIsSentLater) {
  Fill("cart-17");
  carts_->Run();
  clock.AdvanceTime(absl::Hours(7 * 24));
  const std::string flood(1024 * 1024 - 1, 'x');
  Put("reminders", "x", flood);
  EXPECT_THAT(kinesis.PutRecord({.stream_name = "reminders", .data = "?", .partition_key = "y"}),
              riacho::IsThrottled());

  carts_->Run();
  EXPECT_THAT(Reminders(), testing::ElementsAre("x"));

  clock.AdvanceTime(absl::Seconds(1));
  carts_->Run();
  EXPECT_THAT(Reminders(), testing::ElementsAre("x", "cart-17"));
}
// [END throttled]

// [START lost_reply]
// The reminder is stored, but its sender does not hear so, and sends it again: that is what at
// least once means.
TEST_F(AbandonedCartsTest, ALostReplyMakesTwoRemindersAndShouldMakeOneLetter) {
  faults_->On(riacho::Operation::kPutRecord).Stream("reminders").Call(1).LoseReply();
  Fill("cart-17");
  Pass(absl::Hours(7 * 24) + absl::Minutes(1));

  const riacho::RecordBatch reminders = ReminderRecords();
  EXPECT_THAT(NaiveLetters(reminders), testing::ElementsAre("cart-17", "cart-17"));
  EXPECT_THAT(CarefulLetters(reminders), testing::ElementsAre("cart-17"));
}
// [END lost_reply]

// [START simulated]
// The same code as a process that crashes, while replies get lost: under any seed each cart is
// reminded of, and the reminders of a cart come in the order in which they were put.
class AbandonedCartsSimulation : public riacho::SimulationTest {};

TEST_F(AbandonedCartsSimulation, EveryCartIsRemindedOfInTheEnd) {
  riacho::CreateStream(kinesis, "carts");
  riacho::CreateStream(kinesis, "reminders");
  for (int i = 0; i < 20; ++i) riacho::Put(kinesis, "carts", "cart-" + std::to_string(i), "filled");
  sim.faults().On(riacho::Operation::kPutRecord).WithChance(0.3).LoseReply();
  sim.faults().On(riacho::Operation::kGetRecords).WithChance(0.3).Throttle();
  riacho::Process& reminder = sim.Spawn("reminder", [this]() -> riacho::Task<> {
    AbandonedCarts carts(kinesis, sim.clock());
    for (;; co_await sim.Sleep(absl::Minutes(1))) carts.Run();
  });
  sim.RunFor(absl::Hours(12));
  reminder.Restart();
  sim.RunFor(absl::Hours(7 * 24 - 12));

  const auto reminders = [this] { return riacho::ReadAll(kinesis, "reminders"); };
  const auto carts = [&] {
    std::set<std::string> names;
    for (const riacho::ReceivedRecord& record : reminders()) names.insert(record.partition_key);
    return names;
  };
  EXPECT_TRUE(riacho::EventuallyInSimulation(sim, carts, testing::SizeIs(20), absl::Minutes(30)));
  sim.RunFor(absl::Minutes(1));
  EXPECT_THAT(reminders(), riacho::InOrderPerKey());
}
// [END simulated]

}  // namespace
}  // namespace shop
