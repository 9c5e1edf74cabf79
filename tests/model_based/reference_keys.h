// The reference of a key store, and of the data keys that an account keeps for a while.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model_based/exact_bucket.h"
#include "model_based/reference_stream.h"
#include "riacho/security/key_store.h"
#include "security/naive_evaluator.h"

namespace riacho::model_based {

// Keys are named by id, alias, or either of them in an ARN.
class ReferenceKeys {
 public:
  ReferenceKeys(const Limits& limits, Mistake mistake);

  void Add(const std::string& key_id, const std::string& alias);

  // What the administrator does.
  Answer<Done> SetState(const std::string& key, KeyState state);
  Answer<Done> ScheduleDeletion(const std::string& key, std::int64_t in_nanos,
                                std::int64_t now_nanos);
  Answer<Done> CancelDeletion(const std::string& key, std::int64_t now_nanos);
  Answer<Done> Rotate(const std::string& key);
  Answer<Done> Grant(const std::string& key, const std::string& grantee,
                     const std::set<KeyOperation>& operations);
  Answer<Done> Revoke(const std::string& key, const std::string& grantee);
  void SetOptedIn(bool opted_in) { opted_in_ = opted_in; }
  void SetRequestQuota(std::int64_t per_second);

  // What streams ask.
  Answer<Done> CheckForStream(const std::string& key, const NaiveCaller& caller,
                              std::int64_t now_nanos);
  // The data key for a caller's records of a stream: a number, from 1 on.
  Answer<std::uint64_t> DataKeyFor(const ReferenceStream& stream, const NaiveCaller& caller,
                                   std::int64_t now_nanos);
  // Whether the caller can read these records.
  Answer<Done> Open(const std::vector<ReferenceRecord>& records, const ReferenceStream& stream,
                    const NaiveCaller& caller, std::int64_t now_nanos);

  // When data keys end and keys are gone, for those who look for the edge.
  std::vector<std::int64_t> Moments() const;

 private:
  struct Key {
    std::string key_id;
    std::string alias;
    bool service_managed = false;
    KeyState state = KeyState::kEnabled;
    std::optional<std::int64_t> deletion_nanos = {};
    bool gone = false;
    std::optional<std::map<std::string, std::set<KeyOperation>>> grants = {};
  };
  // Who has asked a data key for which stream, by the key's name or the data key's number.
  using Kept = std::map<std::tuple<std::uint64_t, std::string, std::string>,
                        std::pair<std::uint64_t, std::int64_t>>;  // data key, made when

  void Settle(std::int64_t now_nanos);
  Key* Find(const std::string& name);
  Answer<Key*> FindToChange(const std::string& name);
  std::optional<ErrorCode> Admit(std::int64_t now_nanos);
  static std::optional<ErrorCode> Refuse(const Key& key, KeyOperation operation,
                                         const NaiveCaller& caller);
  static std::optional<ErrorCode> RefuseUse(const Key& key);
  void Keep(Kept& kept, const Kept::key_type& name, std::uint64_t data_key,
            std::int64_t now_nanos) const;
  bool IsAlive(const Kept::mapped_type& kept, std::int64_t now_nanos) const;

  const std::int64_t data_key_life_nanos_;
  std::vector<Key> keys_ = {};
  std::vector<std::size_t> of_data_keys_ = {};  // the key that each was made with
  Kept to_seal_ = {};
  Kept to_open_ = {};
  bool opted_in_ = true;
  std::int64_t requests_per_second_ = Limits::kUnlimited;
  std::optional<ExactBucket> requests_ = {};  // from the first one on
};

}  // namespace riacho::model_based
