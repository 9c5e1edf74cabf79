// Interceptor: stands around every operation that a backend carries out. It sees what is asked, may
// refuse it, and may change what is answered: faults, captures, traces.
//
//   class Census : public riacho::Interceptor {
//    public:
//     absl::Status Before(const riacho::OperationContext& call) override {
//       calls[static_cast<std::size_t>(call.operation)].fetch_add(1);
//       return absl::OkStatus();
//     }
//     std::array<std::atomic<int>, riacho::kOperationCount> calls = {};
//   };
//   riacho::Engine engine(clock, {.interceptors = {std::make_shared<Census>()}});
//
// To make calls fail prefer FaultPlan, which is one.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "riacho/model/operation.h"
#include "riacho/model/shard_id.h"

namespace riacho {

// One call. A view: valid while the interceptor is asked.
struct OperationContext {
  Operation operation = Operation::kListStreams;
  absl::Time now = {};                    // on the backend's clock, when the call came
  std::string_view principal_arn = {};    // who calls
  std::string_view stream_name = {};      // empty: the call is about no one stream
  std::optional<ShardId> shard_id = {};   // the call names it, or the put's key leads there
  const void* untyped_request = nullptr;  // see As
  std::span<const std::optional<ShardId>> entry_shards = {};  // PutRecords: where each key leads

  // The request if it is one of these, else null: call.As<PutRecordRequest>().
  template <typename Request>
  const Request* As() const {
    return Request::kOperation == operation ? static_cast<const Request*>(untyped_request)
                                            : nullptr;
  }
};

// How a call ends, for those who may still change that.
class OperationOutcome {
 public:
  // `response` is null when the call has failed.
  OperationOutcome(Operation operation, absl::Status status, void* response)
      : operation_(operation), status_(std::move(status)), response_(response) {}

  const absl::Status& status() const { return status_; }

  // The response, to be read or changed in place; null if the call has failed or is another
  // operation's: outcome.ResponseOf<GetRecordsRequest>().
  template <typename Request>
  typename Request::Response* ResponseOf() const {
    return Request::kOperation == operation_ && status_.ok()
               ? static_cast<typename Request::Response*>(response_)
               : nullptr;
  }

  // The caller is answered `error`, whatever has been done. There is no way back to a response.
  void Fail(absl::Status error) { status_ = std::move(error); }

 private:
  Operation operation_;
  absl::Status status_;
  void* response_;
};

// Each method of this class does nothing; override what you need. They run in the calling thread,
// on several threads at once if the backend is called so: implementations are thread-safe. They may
// not call the backend.
//
// They stand where a network would be: before the backend looks at a request at all, and after it
// has answered. So a request comes as it was sent, with what is required left out perhaps; and what
// breaks the model, is denied by policies or exceeds a call rate comes, too. Interceptors are asked
// in their order before the work and in reverse after it.
class Interceptor {
 public:
  virtual ~Interceptor();

  // Before the work. An error refuses the call: the work is not done, and interceptors behind this
  // one are not asked.
  virtual absl::Status Before(const OperationContext& call);

  // Before the work of PutRecords, once the entries have been found valid: an error in refusals[i]
  // refuses entry i alone, with the error's code and text. Entries that somebody has refused
  // already have their error there. An error without a code of the service counts as
  // kInternalFailure. May neither block nor move the clock: the backend holds what others free.
  virtual void BeforeEntries(const OperationContext& call, std::span<absl::Status> refusals);

  // After the work, or after the refusal, if Before was asked.
  virtual void After(const OperationContext& call, OperationOutcome& outcome);

 protected:
  Interceptor() = default;
  Interceptor(const Interceptor&) = default;
  Interceptor& operator=(const Interceptor&) = default;
};

}  // namespace riacho
